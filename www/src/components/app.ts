/**
 * `<pq-app>`: the frame around the flow. Loads the policy and its words, offers the choice of
 * what it is for, switches languages, and shows how to reach a person.
 */
import { html, LitElement, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import {
  listPolicies,
  loadPolicy,
  loadWords,
  type PolicyEntry,
  type PolicyTexts,
} from "../flow/catalogue.js";
import { Flow, type FlowEvent } from "../flow/flow.js";
import { followTrail } from "../flow/trail.js";
import { loadSite, type Site } from "../site.js";
import { languages, loadTexts, shells, type Lang, type Shell, type Texts } from "../texts/index.js";
import css from "../styles/shell.css?inline";
import { chooser, type Choice } from "./chooser.js";
import { failureOf, failurePanel, type Failure } from "./failure.js";
import "./flow.js";
import { icons } from "./icons.js";
import { personDialog } from "./person.js";
import { base } from "./sheet.js";

/** What is said, and in which language: the page's is another one until its texts have arrived. */
interface Said {
  lang: Lang;
  t: Texts;
}

type Content =
  | { kind: "loading" }
  | ({ kind: "choosing"; choices: Choice[] } & Said)
  | ({ kind: "flow"; flow: Flow; words: PolicyTexts } & Said)
  | { kind: "failed"; failure: Failure };

/** An event of the flow, for the page around it. */
export class FlowNews extends Event {
  constructor(readonly news: FlowEvent) {
    super("pq-news");
  }
}

export class AppElement extends LitElement {
  static override properties = {
    policy: { type: String },
    partner: { type: String },
    lang: { type: String },
    amount: { attribute: false },
    currency: { attribute: false },
    embedded: { type: Boolean },
    content: { state: true },
    site: { state: true },
    screen: { state: true },
  };
  static override styles = [base, unsafeCSS(css)];

  /** The policy's id; none, and the borrower chooses. */
  declare policy: string | undefined;
  /** The partner's site key; the lender's own where there is none. */
  declare partner: string | undefined;
  declare lang: Lang;
  /** The shop's price in minor units, which stands. */
  declare amount: number | undefined;
  /** The shop's currency, which has to be the policy's. */
  declare currency: string | undefined;
  /** In a partner's dialog: with a button that closes it. */
  declare embedded: boolean;
  declare content: Content;
  declare site: Site | undefined;
  /** How many screens of the flow came after the first one. */
  declare screen: number;

  /** What is being loaded; what arrives for anything older is dropped. */
  #wanted = 0;
  #leaveTrail: (() => void) | undefined;

  constructor() {
    super();
    this.content = { kind: "loading" };
    this.embedded = false;
    this.screen = 0;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.hasUpdated || changed.has("policy") || changed.has("partner") || changed.has("currency")) {
      void this.#load();
    } else {
      if (changed.has("amount") && this.content.kind === "flow") this.content.flow.reprice(this.amount);
      if (changed.has("lang")) void this.#translate();
    }
    if (changed.has("lang")) {
      document.documentElement.lang = this.lang;
    }
  }

  protected override updated(): void {
    const { content } = this;
    if (content.kind === "flow") document.title = content.words.get("policy.title");
    if (content.kind === "choosing") document.title = content.t.chooser.title;
  }

  get #shell(): Shell {
    return shells[this.lang];
  }

  async #load(): Promise<void> {
    const wanted = ++this.#wanted;
    this.content = { kind: "loading" };
    let content: Content;
    try {
      content = await this.#fetch();
    } catch (error) {
      content = { kind: "failed", failure: failureOf(error) };
    }
    if (wanted !== this.#wanted) return;
    this.content = content;
    if (content.kind === "failed") this.#news({ type: "error", code: content.failure });
  }

  async #fetch(): Promise<Content> {
    // A page without the lender's own words still works; the panel says that they are missing.
    const site = loadSite().catch(() => undefined);
    void site.then((loaded) => (this.site = loaded));
    const { policy, lang } = this;
    if (policy === undefined) {
      const [t, entries] = await Promise.all([loadTexts(lang), listPolicies()]);
      return { kind: "choosing", choices: await Promise.all(entries.map((entry) => choice(entry, lang))), t, lang };
    }
    const [t, loaded] = await Promise.all([loadTexts(lang), loadPolicy(policy, lang)]);
    if (this.currency !== undefined && this.currency !== loaded.view.currency) {
      return { kind: "failed", failure: "currency" };
    }
    const partner = this.partner ?? (await site)?.partner ?? "";
    const flow = new Flow(loaded, partner, this.amount);
    flow.subscribe((event) => {
      this.requestUpdate();
      if (event) this.#news(event);
    });
    this.#leaveTrail?.();
    // In a shop's dialog the history is the shop's.
    this.#leaveTrail = this.embedded ? undefined : followTrail(flow);
    return { kind: "flow", flow, words: loaded.words, t, lang };
  }

  /** The words in the new language; what was answered stays. */
  async #translate(): Promise<void> {
    const { content, lang } = this;
    if (content.kind !== "flow") {
      await this.#load();
      return;
    }
    const wanted = ++this.#wanted;
    try {
      const [t, words] = await Promise.all([loadTexts(lang), loadWords(content.flow.loaded.entry, lang)]);
      if (wanted === this.#wanted) this.content = { ...content, words, t, lang };
    } catch (error) {
      if (wanted === this.#wanted) this.content = { kind: "failed", failure: failureOf(error) };
    }
  }

  #news(event: FlowEvent): void {
    this.dispatchEvent(new FlowNews(event));
  }

  protected override render(): TemplateResult {
    const { content } = this;
    return html`<header>
        ${this.#name()}
        <div class="tools">${this.#language()} ${this.#close()}</div>
      </header>
      <main class=${content.kind === "flow" && content.flow.step.kind === "estimate" ? "wide" : ""}>
        ${this.#content(content)}
      </main>
      ${keyed(
        // New with each screen, whose height it stands below: nothing is left to shift.
        this.screen,
        html`<footer ?data-waiting=${content.kind === "loading"}>
          <button type="button" class="quiet" @click=${this.#askPerson}>${icons.person}${this.#shell.person.ask}</button>
        </footer>`,
      )}
      ${personDialog({
        t: this.#shell,
        intro: content.kind === "flow" ? content.words.find("policy.person") : undefined,
        site: this.site?.words[this.lang],
        reference:
          content.kind === "flow" && content.flow.sending.phase === "answered"
            ? content.flow.sending.receipt.reference
            : undefined,
      })}`;
  }

  #name(): TemplateResult {
    const name = this.site?.words[this.lang]?.lender ?? "";
    return this.embedded || this.policy === undefined
      ? html`<span class="lender">${name}</span>`
      : html`<a class="lender" href=${this.#start}>${name}</a>`;
  }

  #language(): TemplateResult {
    return html`<span class="languages" role="group" aria-label=${this.#shell.otherLanguage}>
      ${languages
        .filter((lang) => lang !== this.lang)
        .map(
          (lang) =>
            html`<button
              type="button"
              class="quiet"
              lang=${lang}
              @click=${() => {
                this.lang = lang;
              }}
            >
              ${shells[lang].language}
            </button>`,
        )}
    </span>`;
  }

  #close(): TemplateResult | typeof nothing {
    if (!this.embedded) return nothing;
    return html`<button
      type="button"
      class="round"
      aria-label=${this.#shell.close}
      @click=${this.#leave}
    >
      ${icons.close}
    </button>`;
  }

  #leave(): void {
    this.dispatchEvent(new Event("pq-close"));
  }

  #content(content: Content): TemplateResult {
    switch (content.kind) {
      case "loading":
        return html`<p class="loading" role="status">${this.#shell.loading}</p>`;
      case "choosing":
        return chooser(content.t, content.choices, (id) => this.#address({ policy: id }));
      case "flow":
        return html`<h1>${content.words.get("policy.title")}</h1>
          <pq-flow
            .flow=${content.flow}
            .words=${content.words}
            .t=${content.t}
            .lang=${content.lang}
            @pq-step=${() => {
              this.screen += 1;
              window.scrollTo(0, 0);
            }}
          ></pq-flow>
          ${this.embedded && content.flow.step.kind === "answer"
            ? html`<button type="button" class="primary done" @click=${this.#leave}>${content.t.answer.done}</button>`
            : nothing}`;
      case "failed":
        return failurePanel({
          t: this.#shell,
          failure: content.failure,
          retry: () => void this.#load(),
          start: this.embedded ? undefined : this.#start,
        });
    }
  }

  get #start(): string {
    return this.#address({});
  }

  /** An address of this page in the language chosen. */
  #address(query: Record<string, string>): string {
    return `?${new URLSearchParams({ ...query, lang: this.lang }).toString()}`;
  }

  #askPerson(): void {
    if (!this.site) void loadSite().then((site) => (this.site = site), () => undefined);
    this.renderRoot.querySelector<HTMLDialogElement>("dialog.person")?.showModal();
  }
}

async function choice(entry: PolicyEntry, lang: Lang): Promise<Choice> {
  return { id: entry.id, words: await loadWords(entry, lang) };
}

customElements.define("pq-app", AppElement);
