/** `<pq-statement>`: an offer's cost statement, to read, to copy and to print with its schedule. */
import { html, nothing, unsafeCSS, type TemplateResult } from "lit";
import { loadSite, type Site } from "../site.js";
import css from "../styles/statement.css?inline";
import { statementTexts, type StatementTexts } from "../texts/statement.js";
import { lay, remove } from "./paper.js";
import { PanelElement } from "./panel.js";
import { table } from "./schedule-table.js";
import { asText, body, list, statement, type Statement } from "./statement.js";

/** How long a browser may take to tell that it prints. */
const PRINTS_WITHIN = 1000;

export class StatementElement extends PanelElement {
  static override properties = {
    site: { state: true },
    unprinted: { state: true },
  };

  /** What the lender says of itself; without it, it is "the lender". */
  declare site: Site | undefined;
  /** Whether the browser was asked to print and did not say that it would. */
  declare unprinted: boolean;

  #waiting = 0;

  /** Whoever prints the page while the statement is open, by whichever way, prints the statement. */
  readonly #printing = () => {
    clearTimeout(this.#waiting);
    this.unprinted = false;
    if (this.details?.open) lay(this.#paper());
    else remove();
  };

  constructor() {
    super(unsafeCSS(css));
    this.unprinted = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#printing);
    void loadSite().then((site) => (this.site = site), () => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#printing);
    clearTimeout(this.#waiting);
    remove();
  }

  get #texts(): StatementTexts {
    return statementTexts[this.view.lang];
  }

  get #lender(): string | undefined {
    return this.site?.words[this.view.lang]?.lender;
  }

  get #statement(): Statement {
    return statement(this.view, this.#texts, this.offer, this.#lender);
  }

  protected override render(): TemplateResult {
    const t = this.#texts;
    const told = this.#statement;
    return html`${body(t, told)}
      <p class="fine">${told.about.slice(-2).map(([label, text]) => html`<span>${this.view.t.labelled(label, text)}</span> `)}</p>
      ${this.tools(
        t.copy,
        html`<button type="button" class="secondary" @click=${this.#print}>${t.print}</button>`,
      )}
      ${this.unprinted ? html`<p class="fine" role="status">${t.noPrint}</p>` : nothing}`;
  }

  protected override text(): string {
    return asText(this.view, this.#texts, this.#statement);
  }

  /** In the browsers inside other programs printing may do nothing, and say nothing. */
  readonly #print = () => {
    this.#waiting = window.setTimeout(() => {
      this.unprinted = true;
    }, PRINTS_WITHIN);
    lay(this.#paper());
    window.print();
  };

  #paper(): TemplateResult {
    const { offer, shared, view } = this;
    const t = this.#texts;
    const told = this.#statement;
    const plan = view.flow.schedule(offer);
    return html`<p>${this.#lender ?? nothing}</p>
      <h1>${t.title}</h1>
      <p>${view.p.get("policy.title")}</p>
      ${list(told.about)} ${body(t, told)}
      ${plan
        ? html`<h2>${view.t.estimate.seeSchedule}</h2>
            <p>${told.about.map(([, text]) => text).join(" · ")}</p>
            ${table(view, shared, plan.rows)}
            <p>${shared.note}</p>`
        : nothing}`;
  }
}

customElements.define("pq-statement", StatementElement);
