/** `<pq-line>`: the price line in a shop. It recomputes on the device, with no request. */
import { html, LitElement, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import type { Quote } from "../engine.js";
import { loadPolicy, type LoadedPolicy } from "../flow/catalogue.js";
import { openingRequest } from "../flow/request.js";
import { MoneyFormat } from "../format/money.js";
import { percent } from "../format/rate.js";
import { today } from "../format/date.js";
import { shells, type Lang } from "../texts/index.js";
import css from "../styles/line.css?inline";
import { failureOf, type Failure } from "./failure.js";
import { icons } from "./icons.js";
import { base } from "./sheet.js";

/** The price has changed: the representative one, or none for this amount. */
export class PriceNews extends Event {
  constructor(readonly price: Quote | undefined) {
    super("pq-price");
  }
}

/** The line cannot be shown. */
export class LineFailure extends Event {
  constructor(readonly code: Failure) {
    super("pq-failure");
  }
}

export class LineElement extends LitElement {
  static override properties = {
    policy: { type: String },
    lang: { type: String },
    amount: { attribute: false },
    currency: { attribute: false },
    loaded: { state: true },
    failure: { state: true },
  };
  static override styles = [base, unsafeCSS(css)];

  declare policy: string;
  declare lang: Lang;
  declare amount: number | undefined;
  declare currency: string | undefined;
  declare loaded: LoadedPolicy | undefined;
  declare failure: Failure | undefined;

  #quote: Quote | undefined;

  protected override firstUpdated(): void {
    loadPolicy(this.policy, this.lang).then(
      (loaded) => (this.loaded = loaded),
      (error: unknown) => {
        this.failure = failureOf(error);
        this.dispatchEvent(new LineFailure(this.failure));
      },
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("lang")) document.documentElement.lang = this.lang;
    if (!this.loaded || !(changed.has("loaded") || changed.has("amount") || changed.has("currency"))) return;
    this.#quote = this.#price(this.loaded);
    this.dispatchEvent(new PriceNews(this.#quote));
  }

  #price({ policy, view }: LoadedPolicy): Quote | undefined {
    if (this.amount === undefined || (this.currency !== undefined && this.currency !== view.currency)) {
      return undefined;
    }
    const quoted = policy.quote(openingRequest(view, this.amount), today(view.utc_offset));
    return quoted.status === "ok" ? quoted.quote : undefined;
  }

  protected override render(): TemplateResult {
    const t = shells[this.lang];
    if (this.failure) return html`<p class="line muted">${t.failures[this.failure]}</p>`;
    if (!this.loaded) return html`<p class="line muted" role="status">${t.loading}</p>`;
    const quote = this.#quote;
    if (!quote) return html`<p class="line muted">${t.line.unavailable}</p>`;
    const money = new MoneyFormat(this.lang, this.loaded.view.currency, this.loaded.view.minor_digits);
    return html`<button type="button" class="line" @click=${() => this.dispatchEvent(new Event("pq-open"))}>
      <span class="words">
        <span class="price">${t.line.price(money.about(quote.largest_instalment), quote.instalments)}</span>
        <span class="rate">${t.line.rate(percent(this.lang, quote.simple_rate))}</span>
        <span class="see">${t.line.see}</span>
      </span>
      ${icons.go}
    </button>`;
  }
}

customElements.define("pq-line", LineElement);
