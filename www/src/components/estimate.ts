/** The estimate, live: the result, the limit and what binds it, the cost, the plan, the reasons. */
import { html, nothing, type TemplateResult } from "lit";
import type { Decision, Offer } from "../engine.js";
import type { Estimate } from "../flow/flow.js";
import { prospects } from "../flow/prospect.js";
import { costs } from "./costs.js";
import { panels } from "./folded.js";
import { icons } from "./icons.js";
import { recommended } from "./recommended.js";
import { requestControls } from "./request.js";
import type { View } from "./view.js";

const SIGNS = { eligible: icons.yes, review: icons.person, not_eligible: icons.pause };

/** The result in words, with its sign; colour is never its only bearer. */
export function result(
  eligibility: Decision["eligibility"],
  title: string,
  note: string,
): TemplateResult {
  return html`<div class="result" data-result=${eligibility}>
    ${SIGNS[eligibility]}
    <div>
      <h2 data-focus tabindex="-1">${title}</h2>
      <p>${note}</p>
    </div>
  </div>`;
}

export function estimateStep(v: View, estimate: Estimate): TemplateResult {
  const { decision } = estimate;
  return html`<div class="columns">
    <div>
      ${result(decision.eligibility, v.t.estimate[decision.eligibility], note(v, decision))}
      ${decision.eligibility === "not_eligible" ? reasons(v, decision) : nothing}
      ${decision.eligibility === "not_eligible" && decision.limit === undefined ? nothing : money(v, decision)}
    </div>
    <div>
      ${panels(v)} ${decision.eligibility === "not_eligible" ? nothing : reasons(v, decision)}
      ${depths(v, estimate)}
      <p class="fine promise">${icons.lock}<span>${v.t.sentences(v.t.promise.credit, v.t.promise.notApproval)}</span></p>
    </div>
  </div>`;
}

/** The invitations to optional pages, and what holds for all of them. */
function depths(v: View, estimate: Estimate) {
  const { closed } = v.flow;
  if (closed.length === 0) return nothing;
  const now = estimate.decision.limit?.amount ?? 0;
  const most = prospects(v.flow, estimate);
  return html`${closed.map(({ id, opener }) => depth(v, id, opener, now, most.get(opener) ?? -1))}
    <p class="fine">${v.t.depth.note}</p>`;
}

/** The invitation to an optional page, with the most that it can bring. */
function depth(v: View, group: string, opener: string, now: number, most: number): TemplateResult {
  return html`<section class="panel depth" aria-labelledby="open-${group}">
    <h3 id="open-${group}">${v.p.get(`group.${group}.title`)}</h3>
    <p>${v.p.get(`group.${group}.open`)}</p>
    ${most < 0 ? nothing : brings(v, group, most, most > now)}
    <button
      type="button"
      class="secondary"
      aria-describedby="open-${group} brings-${group}"
      @click=${() => {
        v.flow.open(opener);
      }}
    >
      ${v.t.depth.open}
    </button>
  </section>`;
}

/** Both sentences keep their room, so that nothing moves when the other one comes to hold. */
function brings(v: View, group: string, most: number, more: boolean): TemplateResult {
  const { raises, same } = v.t.depth;
  return html`<p class="either" id="brings-${group}">
    <strong ?data-off=${!more}>${raises(v.money.short(most))}</strong>
    <span ?data-off=${more}>${same}</span>
  </p>`;
}

function note(v: View, decision: Decision): string {
  const { estimate } = v.t;
  switch (decision.eligibility) {
    case "eligible":
      return estimate.eligibleNote;
    case "review":
      return decision.limit ? estimate.reviewNote : estimate.reviewBare;
    case "not_eligible":
      return estimate.notEligibleNote;
  }
}

function money(v: View, decision: Decision): TemplateResult {
  const { flow, t } = v;
  const offer = flow.offer(decision);
  return html`<section class="panel" aria-labelledby="limit">
    ${decision.limit ? limit(v, decision.limit) : nothing}
    <h3 class="adjust" tabindex="-1">${t.estimate.adjust}</h3>
    ${requestControls(v, offer?.limit)} ${recommended(v, decision)}
    ${offer && offer.amount !== flow.request.amount ? less(v, offer.amount) : nothing}
    ${offer ? html`${costs(v, offer)} ${discounts(v, offer)}` : html`<p class="notice">${refusal(v, decision)}</p>`}
  </section>`;
}

function discounts(v: View, offer: Offer): TemplateResult | typeof nothing {
  const names = v.discounts(offer);
  return names === undefined ? nothing : html`<p class="fine">${v.t.labelled(v.t.offer.discounts, names)}</p>`;
}

function limit(v: View, { amount, binding, review }: NonNullable<Decision["limit"]>): TemplateResult {
  const { t } = v;
  const why = t.estimate.bindings[binding] ?? v.p.find(`limit.${binding}`);
  return html`<h3 id="limit">${t.estimate.limit}</h3>
    <p class="limit">
      <span class="label">${t.estimate.limitUpTo}</span>
      <strong class="figure">${v.money.short(amount)}</strong>
    </p>
    ${why === undefined ? nothing : html`<p class="fine">${t.labelled(t.estimate.binding, why)}</p>`}
    ${review ? html`<p class="fine">${t.estimate.limitReview}</p>` : nothing}`;
}

/** The offer is below what was asked for: say so, and offer to ask for that. */
function less(v: View, amount: number): TemplateResult {
  const { flow, t } = v;
  const most = v.money.short(amount);
  if (flow.basket !== undefined) return html`<p class="notice">${t.estimate.basket(most)}</p>`;
  return html`<div class="notice">
    <p>${t.estimate.asked(v.money.short(flow.request.amount), most)}</p>
    <button
      type="button"
      class="quiet"
      @click=${() => {
        flow.choose({ amount });
      }}
    >
      ${t.estimate.take(most)}
    </button>
  </div>`;
}

function refusal(v: View, decision: Decision): string {
  const { product, term } = v.flow.request;
  const refused = decision.refused.find((one) => one.product === product && one.term === term);
  return refused ? v.t.estimate.refused[refused.reason] : v.t.estimate.noOffer;
}

export function reasons(v: View, decision: Decision): TemplateResult {
  const { t, p } = v;
  return html`<section class="panel" aria-labelledby="why">
    <h3 id="why">${t.estimate.why}</h3>
    ${decision.reasons.length === 0
      ? html`<p>${t.estimate.whyNone}</p>`
      : html`<ul class="reasons">
          ${decision.reasons.map((code) => {
            const help = p.find(`reason.${code}.help`);
            return html`<li>
              <strong>${p.get(`reason.${code}.text`)}</strong>
              ${help === undefined ? nothing : html`<span>${help}</span>`}
            </li>`;
          })}
        </ul>`}
  </section>`;
}

/** The estimate in one sentence, for the live region. */
export function spoken(v: View, decision: Decision): string {
  const { live } = v.t.estimate;
  const offer = v.flow.offer(decision);
  if (decision.eligibility !== "eligible") return live[decision.eligibility];
  if (!offer || !decision.limit) return v.t.estimate.noOffer;
  const { instalment, largest_instalment, level } = offer;
  const largest = largest_instalment === instalment ? undefined : v.money.exact(largest_instalment);
  return live.eligible(v.money.short(decision.limit.amount), v.money.exact(instalment), level, largest);
}
