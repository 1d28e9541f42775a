/** `<pq-flow>`: one policy's flow, a step at a time. Holds no rules: those are in `flow/`. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { PolicyTexts } from "../flow/catalogue.js";
import type { Flow } from "../flow/flow.js";
import type { Lang } from "../texts/index.js";
import { answerStep } from "./answer.js";
import { estimateStep, spoken } from "./estimate.js";
import { icons } from "./icons.js";
import { questionField } from "./question.js";
import { requestStep } from "./request.js";
import { maySend, sendingStep } from "./sending.js";
import { sheets } from "./sheet.js";
import { View } from "./view.js";

/** How long the estimate rests before it is read out. */
const SPEECH_DELAY = 700;

export class FlowElement extends LitElement {
  static override properties = {
    flow: { attribute: false },
    words: { attribute: false },
    lang: { type: String },
    spoken: { state: true },
  };
  static override styles = [sheets.base, sheets.controls, sheets.result];

  declare flow: Flow;
  declare words: PolicyTexts;
  declare lang: Lang;
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
    return `${String(flow.position)} ${phase === "changed" ? phase : ""}`;
  }

  /** Reads the estimate out once it has come to rest. */
  #announce(): void {
    const { estimate, step } = this.flow;
    clearTimeout(this.#speech);
    const text = step.kind === "estimate" && estimate ? spoken(this.#view(), estimate.decision) : "";
    if (text === this.spoken) return;
    this.#speech = window.setTimeout(() => {
      this.spoken = text;
    }, SPEECH_DELAY);
  }

  #view(): View {
    return new View(this.flow, this.words, this.lang);
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
    const { flow } = this;
    const { step, estimate, sending } = flow;
    switch (step.kind) {
      case "request":
        return requestStep(v);
      case "group":
        return html`<h2 data-focus tabindex="-1">${v.p.get(`group.${step.id}.title`)}</h2>
          ${step.questions.map((question) => questionField(v, question))}
          <p class="fine promise">${icons.lock}<span>${v.t.promise.device}</span></p>`;
      case "estimate":
        return estimate ? estimateStep(v, estimate) : nothing;
      case "sending":
        return estimate ? sendingStep(v, estimate) : nothing;
      case "answer":
        return sending.phase === "answered" ? answerStep(v, sending.receipt) : nothing;
    }
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
      <button type="submit" class="primary" ?disabled=${flow.step.kind === "sending" && !maySend(sending)}>
        ${this.#forwardLabel(v)}
      </button>
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
        return v.t.retry;
      default:
        return v.t.sending.submit;
    }
  }

  #forward(): void {
    const { flow } = this;
    if (flow.step.kind === "sending") {
      if (maySend(flow.sending)) void flow.submit();
      return;
    }
    const [wrong] = flow.next();
    if (wrong === undefined) return;
    void this.updateComplete.then(() => {
      const question = this.renderRoot.querySelector(`[data-question="${CSS.escape(wrong)}"]`);
      question?.querySelector<HTMLElement>("input, select")?.focus();
      question?.scrollIntoView({ block: "center" });
    });
  }
}

customElements.define("pq-flow", FlowElement);
