/** `<pq-flow>`: one policy's flow, a step at a time. Holds no rules: those are in `flow/`. */
import { adoptStyles, html, LitElement, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { PolicyTexts } from "../flow/catalogue.js";
import type { Flow } from "../flow/flow.js";
import type { QuestionView } from "../engine.js";
import { shells, type Lang, type Texts } from "../texts/index.js";
import controls from "../styles/controls.css?inline";
import { icons } from "./icons.js";
import type { listField } from "./list.js";
import type * as outcome from "./outcome.js";
import { questionField } from "./question.js";
import { requestStep } from "./request.js";
import { base } from "./sheet.js";
import { View } from "./view.js";

/** The screens after the questions, once they are there. */
type Outcome = typeof outcome;

/** How long the estimate rests before it is read out. */
const SPEECH_DELAY = 700;

export class FlowElement extends LitElement {
  static override properties = {
    flow: { attribute: false },
    words: { attribute: false },
    t: { attribute: false },
    lang: { type: String },
    outcome: { state: true },
    listField: { state: true },
    unreachable: { state: true },
    spoken: { state: true },
  };
  static override styles = [base, unsafeCSS(controls)];

  declare flow: Flow;
  declare words: PolicyTexts;
  declare t: Texts;
  declare lang: Lang;
  declare outcome: Outcome | undefined;
  /** What edits lists, where the policy has any and once it is there. */
  declare listField: typeof listField | undefined;
  declare unreachable: boolean;
  declare spoken: string;

  #stop: (() => void) | undefined;
  #seen = "";
  #speech = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
    clearTimeout(this.#speech);
  }

  protected override firstUpdated(): void {
    void this.#prepare();
  }

  /** Fetches the screens after the questions ahead of need. */
  async #prepare(): Promise<void> {
    this.unreachable = false;
    try {
      if (this.flow.view.lists.length > 0) this.listField = (await import("./list.js")).listField;
      const outcome = await import("./outcome.js");
      adoptStyles(this.renderRoot as ShadowRoot, [...FlowElement.elementStyles, outcome.styles]);
      this.outcome = outcome;
    } catch {
      this.unreachable = true;
    }
  }

  #watch(): void {
    this.#stop?.();
    this.#stop = this.flow.subscribe(() => {
      this.requestUpdate();
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("flow") && this.isConnected) this.#watch();
  }

  protected override updated(changed: PropertyValues): void {
    this.#announce();
    const screen = this.#screen();
    if (screen === this.#seen) return;
    const first = this.#seen === "";
    this.#seen = screen;
    // The first screen is the page's own start; focus stays where the browser put it.
    if (first || changed.has("flow")) return;
    const heading = this.renderRoot.querySelector<HTMLElement>("[data-focus]");
    heading?.focus({ preventScroll: true });
    this.dispatchEvent(new Event("pq-step"));
  }

  /** What makes a new screen: the step, and a submission that came back with something to read. */
  #screen(): string {
    const { flow } = this;
    const { phase } = flow.sending;
    const waiting = flow.step.kind === "estimate" && !this.outcome;
    // Not the position: an optional page that opens takes the estimate's, and gives it back when it is left out.
    const page = flow.step.kind === "group" ? flow.step.id : "";
    return `${flow.step.kind} ${page} ${phase === "changed" ? phase : ""} ${waiting ? "waiting" : ""}`;
  }

  /** Reads the estimate out once it has come to rest. */
  #announce(): void {
    const { outcome } = this;
    const { estimate, step } = this.flow;
    clearTimeout(this.#speech);
    const text =
      outcome && step.kind === "estimate" && estimate ? outcome.spoken(this.#view(), estimate.decision) : "";
    if (text === this.spoken) return;
    this.#speech = window.setTimeout(() => {
      this.spoken = text;
    }, SPEECH_DELAY);
  }

  #view(): View {
    return new View(this.flow, this.words, this.t, this.lang);
  }

  protected override render(): TemplateResult {
    const v = this.#view();
    const { flow } = this;
    const last = flow.step.kind === "answer";
    return html`<form
        novalidate
        @submit=${(event: Event) => {
          event.preventDefault();
          this.#forward();
        }}
      >
        ${keyed(
          // A screen is new as a whole: nothing of the one before is left to shift or to keep focus.
          this.#screen(),
          html`${last ? nothing : this.#progress(v)}
            <div class="step">${this.#step(v)}</div>
            ${last ? nothing : this.#actions(v)}`,
        )}
      </form>
      <div class="unseen" role="status" aria-live="polite">${this.spoken}</div>`;
  }

  #progress(v: View): TemplateResult {
    const of = this.flow.steps.length - 1;
    const at = this.flow.position + 1;
    return html`<div class="progress">
      <p>${v.t.progress(at, of)}</p>
      <span class="track" aria-hidden="true"
        >${this.flow.steps.slice(0, -1).map((_, index) => html`<span ?data-done=${index < at}></span>`)}</span
      >
    </div>`;
  }

  #step(v: View): TemplateResult | typeof nothing {
    const { step } = this.flow;
    switch (step.kind) {
      case "request":
        return requestStep(v);
      case "group":
        return html`<h2 data-focus tabindex="-1">${v.p.get(`group.${step.id}.title`)}</h2>
          ${step.questions.map((question) => this.#question(v, question))}
          <p class="fine promise">${icons.lock}<span>${v.t.promise.device}</span></p>`;
      default:
        return this.outcome ? this.#result(v, step.kind, this.outcome) : this.#waiting(v);
    }
  }

  #question(v: View, question: QuestionView): TemplateResult {
    if (!v.flow.view.lists.some(({ id }) => id === question.id)) return questionField(v, question);
    return this.listField ? this.listField(v, question, this) : this.#waiting(v);
  }

  #result(v: View, kind: "estimate" | "sending" | "answer", outcome: Outcome): TemplateResult | typeof nothing {
    const { estimate, sending } = this.flow;
    if (kind === "answer") return sending.phase === "answered" ? outcome.answerStep(v, sending.receipt) : nothing;
    if (!estimate) return nothing;
    return kind === "estimate" ? outcome.estimateStep(v, estimate) : outcome.sendingStep(v, estimate);
  }

  /** The network went away between the first screen and this one. */
  #waiting(v: View): TemplateResult {
    const shell = shells[v.lang];
    if (!this.unreachable) return html`<p role="status">${shell.loading}</p>`;
    return html`<p role="alert">${shell.failures.network}</p>
      <button type="button" class="secondary" @click=${() => void this.#prepare()}>${shell.retry}</button>`;
  }

  #actions(v: View): TemplateResult {
    const { flow } = this;
    const { sending } = flow;
    const working = sending.phase === "working";
    return html`<div class="actions">
      ${flow.position === 0
        ? nothing
        : html`<button
            type="button"
            class="secondary"
            ?disabled=${working}
            @click=${() => {
              flow.back();
            }}
          >
            ${icons.back}${v.t.back}
          </button>`}
      <button type="submit" class="primary" ?disabled=${!this.#mayGoOn}>
        ${this.#forwardLabel(v)}
      </button>
      ${flow.step.kind === "group" && flow.step.opener !== undefined
        ? html`<button
            type="button"
            class="quiet"
            @click=${() => {
              flow.skip();
            }}
          >
            ${v.t.depth.skip}
          </button>`
        : nothing}
      ${flow.step.kind === "estimate"
        ? html`<button
            type="button"
            class="quiet"
            @click=${() => {
              flow.edit();
            }}
          >
            ${v.t.estimate.edit}
          </button>`
        : nothing}
    </div>`;
  }

  get #mayGoOn(): boolean {
    const { flow, outcome } = this;
    switch (flow.step.kind) {
      case "estimate":
        return outcome !== undefined;
      case "sending":
        return flow.maySend;
      default:
        return true;
    }
  }

  #forwardLabel(v: View): string {
    const { step, sending } = this.flow;
    if (step.kind === "estimate") return v.t.estimate.continue;
    if (step.kind !== "sending") return v.t.next;
    switch (sending.phase) {
      case "working":
        return v.t.sending.working;
      case "changed":
        return v.t.sending.confirm;
      case "refused":
        return shells[v.lang].retry;
      default:
        return v.t.sending.submit;
    }
  }

  #forward(): void {
    const { flow } = this;
    if (flow.step.kind === "sending") {
      if (flow.maySend) void flow.submit();
      return;
    }
    const [wrong] = flow.next();
    if (wrong === undefined) return;
    void this.updateComplete.then(() => {
      const question = this.renderRoot.querySelector(`[data-question="${CSS.escape(wrong)}"]`);
      question?.querySelector<HTMLElement>("input, select, button")?.focus();
      question?.scrollIntoView({ block: "center" });
    });
  }
}

customElements.define("pq-flow", FlowElement);
