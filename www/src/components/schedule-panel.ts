/**
 * `<pq-schedule>`: an offer's schedule as a picture and as a table, what another term or an extra payment would change,
 * and ways to take the table along.
 */
import { html, nothing, unsafeCSS, type TemplateResult } from "lit";
import type { Instalment, Offer, Schedule } from "../engine.js";
import { scheduleTexts, type ScheduleTexts } from "../texts/schedule.js";
import css from "../styles/schedule.css?inline";
import { PanelElement } from "./panel.js";
import { picture, type Beside } from "./schedule-picture.js";
import { asCsv, asText, fileName, table } from "./schedule-table.js";
import { slider } from "./slider.js";
import type { View } from "./view.js";

/** How long a row that is picked rests before it is read out. */
const SPEECH_DELAY = 700;

/** How long a download may take to begin. */
const DOWNLOAD_BEGINS_WITHIN = 60_000;

export class ScheduleElement extends PanelElement {
  static override properties = {
    width: { state: true },
    picked: { state: true },
    beside: { state: true },
    extra: { state: true },
  };

  /** The room for the picture, in CSS pixels. */
  declare width: number;
  /** The row that is looked at, from 0. */
  declare picked: number;
  /** The term whose schedule is drawn beside the offer's. */
  declare beside: number | undefined;
  /** What would be paid on top of the row that is looked at, in minor units. */
  declare extra: number;

  #speech = 0;
  readonly #room = new ResizeObserver(() => {
    this.width = this.clientWidth;
  });

  constructor() {
    super(unsafeCSS(css));
    this.width = 0;
    this.picked = 0;
    this.extra = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.width = this.clientWidth;
    this.#room.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#room.disconnect();
    clearTimeout(this.#speech);
  }

  get #texts(): ScheduleTexts {
    return scheduleTexts[this.view.lang];
  }

  /** The same product's offers over every term, this one among them. */
  get #terms(): Offer[] {
    const offers = this.view.flow.estimate?.decision.offers ?? [];
    return offers.filter((one) => one.product === this.offer.product);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { offer, view } = this;
    const plan = view.flow.schedule(offer);
    if (!plan) return nothing;
    const { rows } = plan;
    const t = this.#texts;
    const terms = this.#terms;
    const picked = Math.min(this.picked, rows.length - 1);
    return html`${picture(view, t, {
        plan: { ...plan, amount: offer.amount },
        beside: this.#sooner(t, plan, picked) ?? this.#other(t, terms),
        width: this.width,
        picked,
        pick: this.#pick,
      })}
      ${this.#row(t, rows, picked)} ${this.#more(t, rows, picked)} ${terms.length > 1 ? this.#compared(t, terms) : nothing} ${this.tools(t.copy, this.#download(t, rows))}
      ${table(view, t, rows)}
      <p class="fine">${t.note}</p>`;
  }

  /** The plan with something paid on top of the picked instalment. */
  #sooner(t: ScheduleTexts, { rows }: Schedule, picked: number): Beside | undefined {
    const { extra, offer, view } = this;
    const { money } = view;
    if (extra === 0 || picked + 1 >= rows.length) return undefined;
    const plan = view.flow.schedule(offer, { with: picked + 1, amount: extra });
    if (!plan) return undefined;
    const fee = plan.prepayment_fee > 0 ? money.exact(plan.prepayment_fee) : undefined;
    return {
      amount: offer.amount,
      interest: plan.interest,
      rows: plan.rows,
      lead: (says) => t.sooner(picked + 1, money.short(extra), says, fee),
    };
  }

  /** The plan of another term of the same product. */
  #other(t: ScheduleTexts, terms: Offer[]): Beside | undefined {
    const { offer, view } = this;
    const other = terms.find((one) => one.term === this.beside && one.term !== offer.term);
    const plan = other && view.flow.schedule(other);
    if (!plan) return undefined;
    const { amount, term } = other;
    const lead = (says: string) => t.dashed(view.t.request.months(term), view.money.short(amount), says);
    return { ...plan, amount, lead };
  }

  /** How much more to pay with the picked instalment, if any is left to pay after it. */
  #more(t: ScheduleTexts, rows: Instalment[], picked: number): TemplateResult | typeof nothing {
    const { extra, view } = this;
    const left = rows[picked]?.balance ?? 0;
    if (left === 0) return nothing;
    return slider(view, {
      id: "extra",
      label: t.extra(picked + 1),
      minimum: 0,
      maximum: left,
      step: view.flow.view.step,
      value: extra > left ? left : extra,
      text: extra === 0 ? t.noExtra : view.money.short(extra),
      choose: (amount) => {
        this.extra = amount;
      },
    });
  }

  readonly #pick = (picked: number): void => {
    this.picked = picked;
    clearTimeout(this.#speech);
    this.#speech = window.setTimeout(() => {
      this.spoken = this.querySelector(".row-in-words")?.textContent ?? "";
    }, SPEECH_DELAY);
  };

  /** One row in words, chosen by thumb, keys or buttons. */
  #row(t: ScheduleTexts, rows: Instalment[], picked: number): TemplateResult {
    const { view } = this;
    const row = rows[picked];
    return html`${slider(view, {
        id: "row",
        label: t.which,
        minimum: 1,
        maximum: rows.length,
        step: 1,
        value: picked + 1,
        text: t.number(picked + 1),
        choose: (number) => {
          this.#pick(number - 1);
        },
      })}
      <p class="row-in-words">${row ? t.sayRow(written(view, row)) : nothing}</p>`;
  }

  /** What each term costs; the amount too where a term cannot have the same. */
  #compared(t: ScheduleTexts, terms: Offer[]): TemplateResult {
    const { view } = this;
    const { offer, request } = view.t;
    const alike = terms.every(({ amount }) => amount === this.offer.amount);
    const head = (name: string) => html`<th scope="col" role="columnheader">${name}</th>`;
    const figure = (name: string, text: string) => html`<td role="cell" data-label=${name}>${text}</td>`;
    const term = (one: Offer) => {
      const name = request.months(one.term);
      if (one.term === this.offer.term) return html`<strong>${name}</strong> ${t.chosen}`;
      const pressed = this.beside === one.term;
      return html`<button
        type="button"
        class="secondary"
        aria-pressed=${pressed}
        aria-describedby="compare"
        @click=${() => {
          this.beside = pressed ? undefined : one.term;
        }}
      >
        ${name}
      </button>`;
    };
    return html`<section class="terms" aria-labelledby="terms">
      <h4 id="terms">${t.terms}</h4>
      <p class="fine" id="compare">${t.compare}</p>
      <table class="lines" role="table" aria-labelledby="terms">
        <thead role="rowgroup">
          <tr role="row">
            ${head(request.term)} ${head(offer.instalment)} ${alike ? nothing : head(offer.amount)}
            ${head(offer.interest)} ${head(offer.simpleRate)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${terms.map(
            (one) =>
              html`<tr role="row">
                <th scope="row" role="rowheader">${term(one)}</th>
                <td role="cell" class="payment" data-label=${offer.instalment}>${view.money.exact(one.instalment)}</td>
                ${alike ? nothing : figure(offer.amount, view.money.short(one.amount))}
                ${figure(offer.interest, view.money.exact(one.interest))}
                ${figure(offer.simpleRate, view.percent(one.simple_rate))}
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  protected override text(): string {
    const { offer, view } = this;
    return asText(view, this.#texts, view.flow.schedule(offer)?.rows ?? []);
  }

  #download(t: ScheduleTexts, rows: Instalment[]): TemplateResult {
    const { offer, view } = this;
    return html`<button
      type="button"
      class="secondary"
      @click=${() => {
        download(asCsv(view, t, rows), fileName(view, offer));
      }}
    >
      ${t.download}
    </button>`;
  }
}

/** A row's figures and date, written out. */
function written(v: View, row: Instalment) {
  const { money } = v;
  return {
    number: row.number,
    due: v.date(row.due),
    payment: money.exact(row.payment),
    principal: money.exact(row.principal),
    interest: money.exact(row.interest),
    fee: row.fee > 0 ? money.exact(row.fee) : undefined,
    balance: money.exact(row.balance),
  };
}

/** Hands the browser a file that never leaves the device. */
function download(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, DOWNLOAD_BEGINS_WITHIN);
}

customElements.define("pq-schedule", ScheduleElement);
