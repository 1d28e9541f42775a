/** What a loan costs: the instalment first, then both annual rates, interest and total. */
import { html, nothing, type TemplateResult } from "lit";
import type { Offer, Quote } from "../engine.js";
import type { View } from "./view.js";

export function costs(v: View, loan: Offer | Quote): TemplateResult {
  const { offer } = v.t;
  return html`<p class="instalment">
      <span class="label">${loan.level ? offer.instalment : offer.first}</span>
      <strong class="figure">${v.money.exact(loan.instalment)}</strong>
      <span class="times">${loan.level ? offer.times(loan.instalments) : offer.count(loan.instalments)}</span>
      ${loan.largest_instalment === loan.instalment ? nothing : html`<span class="last">${offer.largest(v.money.exact(loan.largest_instalment))}</span>`}
      ${loan.last_instalment === loan.instalment
        ? nothing
        : html`<span class="last">${offer.last(v.money.exact(loan.last_instalment))}</span>`}
    </p>
    <dl class="costs">
      <div>
        <dt>${offer.amount}</dt>
        <dd>${v.money.exact(loan.amount)}</dd>
      </div>
      <div>
        <dt>${offer.simpleRate}</dt>
        <dd>${v.percent(loan.simple_rate)}</dd>
      </div>
      <div>
        <dt>${offer.compoundRate}</dt>
        <dd>${v.percent(loan.compound_rate)}</dd>
      </div>
      <div>
        <dt>${offer.interest}</dt>
        <dd>${v.money.exact(loan.interest)}</dd>
      </div>
      ${loan.fee_total > 0 ? html`<div><dt>${offer.fees}</dt><dd>${v.money.exact(loan.fee_total)}</dd></div>` : nothing}
      ${loan.received < loan.amount ? html`<div><dt>${offer.received}</dt><dd>${v.money.exact(loan.received)}</dd></div>` : nothing}
      <div class="sum">
        <dt>${offer.total}</dt>
        <dd>${v.money.exact(loan.total)}</dd>
      </div>
    </dl>
    ${loan.fee_total > 0 ? nothing : html`<p class="fine">${offer.noOtherCosts}</p>`}`;
}
