/** What a loan costs: the instalment first, then both annual rates, interest and total. */
import { html, nothing, type TemplateResult } from "lit";
import type { Offer, Quote } from "../engine.js";
import type { View } from "./view.js";

export function costs(v: View, loan: Offer | Quote): TemplateResult {
  const { offer } = v.t;
  return html`<p class="instalment">
      <span class="label">${offer.instalment}</span>
      <strong class="figure">${v.money.exact(loan.instalment)}</strong>
      <span class="times">${offer.times(loan.term)}</span>
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
      <div class="sum">
        <dt>${offer.total}</dt>
        <dd>${v.money.exact(loan.total)}</dd>
      </div>
    </dl>
    <p class="fine">${offer.noOtherCosts}</p>`;
}
