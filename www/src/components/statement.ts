/**
 * An offer's cost statement: every item with how it is charged, at what rate, what it comes to and who receives it; what
 * that makes a year if all is paid as agreed; and, apart, what may come on top. Its figures are the engine's.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Offer, OfferFee } from "../engine.js";
import type { StatementTexts } from "../texts/statement.js";
import type { View } from "./view.js";

/** A row of the table, in the order of its columns. */
interface Item {
  what: string;
  how: string;
  rate: string;
  amount: string;
  payee: string;
}

/** What stands before a value or a sentence, and that. */
type Line = readonly [label: string, text: string];

/** The statement, written out: on the page, on paper and for the clipboard the same. */
export interface Statement {
  items: Item[];
  /** What is received, then what adds up to the last: all that is paid. */
  sums: Line[];
  allIn: Line[];
  discounted: string | undefined;
  contingent: Line[];
  /** Which estimate it is. */
  about: Line[];
}

/** `lender`: its name, where it has one. */
export function statement(v: View, t: StatementTexts, offer: Offer, lender = t.lender): Statement {
  const { flow, money } = v;
  const { offer: words, request, sending } = v.t;
  const { product, term, annual_rate, overdue_rate, misuse_rate, prepayment_fee } = offer;
  const interest = {
    what: t.interest,
    how: t.byPlan,
    rate: annual_rate > 0 ? t.yearly(v.percent(annual_rate)) : t.free,
    amount: money.exact(offer.interest),
    payee: lender,
  };
  const names = v.discounts(offer);
  return {
    items: [interest, ...offer.fees.map((fee) => item(v, t, fee))],
    sums: [
      [words.received, money.exact(offer.received)],
      [words.amount, money.exact(offer.amount)],
      [words.interest, money.exact(offer.interest)],
      [words.fees, money.exact(offer.fee_total)],
      [words.total, money.exact(offer.total)],
    ],
    allIn: [
      [words.simpleRate, v.percent(offer.simple_rate)],
      [words.compoundRate, v.percent(offer.compound_rate)],
    ],
    discounted: names && t.discounted(names, v.percent(annual_rate)),
    contingent: [
      [t.overdue, onTop(v, annual_rate, overdue_rate, t.overdueOnTop, t.overdueSame, t.overdueFree)],
      [t.prepayment, prepayment_fee > 0 ? t.prepaymentFee(v.percent(prepayment_fee)) : t.prepaymentFree],
      [t.misuse, onTop(v, annual_rate, misuse_rate, t.misuseOnTop, t.misuseSame, t.misuseFree)],
    ],
    about: [
      [sending.product, v.p.get(`product.${product}.name`)],
      [request.amount, money.exact(offer.amount)],
      [request.term, request.months(term)],
      [sending.date, v.date(flow.asOf)],
      [sending.policy, `${flow.view.version} · ${flow.view.hash.slice(0, 8)}`],
    ],
  };
}

function item(v: View, t: StatementTexts, { name, charged, payee, fixed, share, each, times, amount }: OfferFee): Item {
  const { money } = v;
  return {
    what: v.p.get(`fee.${name}`),
    how: t.charged[charged],
    rate: t.counted({
      share: share > 0 ? v.percent(share) : undefined,
      fixed: fixed > 0 || share === 0 ? money.exact(fixed) : undefined,
      each: money.exact(each),
      times,
    }),
    amount: charged === "by_partner" ? t.byPartner(money.exact(amount)) : money.exact(amount),
    payee: v.p.get(`payee.${payee}`),
  };
}

/** What money bears a year that is overdue or misused: more than otherwise, the same, or nothing. */
function onTop(
  v: View,
  agreed: number,
  borne: number,
  more: (rate: string) => string,
  same: (rate: string) => string,
  free: string,
): string {
  if (borne === 0) return free;
  return (borne > agreed ? more : same)(v.percent(borne));
}

/** What stands on the page and on paper. */
export function body(t: StatementTexts, { items, sums, allIn, discounted, contingent }: Statement): TemplateResult {
  const head = (name: string, kind = "") => html`<th scope="col" role="columnheader" class=${kind}>${name}</th>`;
  return html`<h4 id="items">${t.items}</h4>
    <table class="lines items" role="table" aria-labelledby="items">
      <thead role="rowgroup">
        <tr role="row">
          ${head(t.what)} ${head(t.how)} ${head(t.rate)} ${head(t.amount, "payment")} ${head(t.payee)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${items.map(
          ({ what, how, rate, amount, payee }) =>
            html`<tr role="row">
              <th scope="row" role="rowheader">${what}</th>
              <td role="cell" data-label=${t.how}>${how}</td>
              <td role="cell" data-label=${t.rate}>${rate}</td>
              <td role="cell" class="payment">${amount}</td>
              <td role="cell" data-label=${t.payee}>${payee}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <h4>${t.sums}</h4>
    ${list(sums, "sum")}
    <h4>${t.allIn}</h4>
    ${list(allIn)}
    <p class="fine">${t.allInNote}</p>
    ${discounted === undefined ? nothing : html`<p class="fine">${discounted}</p>`}
    <h4>${t.contingent}</h4>
    <p class="fine">${t.contingentNote}</p>
    <ul class="contingent">
      ${contingent.map(([label, text]) => html`<li><strong>${label}</strong> ${text}</li>`)}
    </ul>
    <p class="fine">${t.note}</p>`;
}

/** `last`: the kind of the last line. */
export function list(lines: readonly Line[], last = ""): TemplateResult {
  return html`<dl class="costs">
    ${lines.map(([label, text], at) => html`<div class=${at + 1 === lines.length ? last : ""}><dt>${label}</dt><dd>${text}</dd></div>`)}
  </dl>`;
}

/** For the clipboard: a tab between what stands side by side. */
export function asText(v: View, t: StatementTexts, told: Statement): string {
  const { items, sums, allIn, discounted, contingent, about } = told;
  const labelled = (lines: readonly Line[]) => lines.map(([label, text]) => v.t.labelled(label, text));
  return [
    t.title,
    ...labelled(about),
    "",
    [t.what, t.how, t.rate, t.amount, t.payee].join("\t"),
    ...items.map(({ what, how, rate, amount, payee }) => [what, how, rate, amount, payee].join("\t")),
    "",
    ...labelled(sums),
    "",
    t.allIn,
    ...labelled(allIn),
    ...(discounted === undefined ? [] : [discounted]),
    "",
    t.contingent,
    ...labelled(contingent),
    "",
    t.note,
  ].join("\n");
}
