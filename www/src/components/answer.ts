/** The server's answer, with its reference. */
import { html, nothing, type TemplateResult } from "lit";
import type { Receipt } from "../flow/api.js";
import { costs } from "./costs.js";
import { reasons, result } from "./estimate.js";
import { icons } from "./icons.js";
import type { View } from "./view.js";

const NOTES = {
  eligible: "eligibleNote",
  review: "reviewNote",
  not_eligible: "notEligibleNote",
} as const;

export function answerStep(v: View, receipt: Receipt): TemplateResult {
  const { t, flow } = v;
  const { decision } = receipt;
  const offer = flow.offer(decision);
  const received = new Intl.DateTimeFormat(v.lang, { dateStyle: "long", timeStyle: "short" });
  return html`<p class="eyebrow">${t.answer.title}</p>
    ${result(decision.eligibility, t.answer[decision.eligibility], t.answer[NOTES[decision.eligibility]])}
    <section class="panel" aria-labelledby="reference">
      <h3 id="reference">${t.answer.reference}</h3>
      <p class="figure reference">${receipt.reference}</p>
      <p class="fine">${t.answer.keep}</p>
      <p class="fine">${t.labelled(t.answer.received, received.format(new Date(receipt.received_at)))}</p>
    </section>
    ${offer ? html`<section class="panel">${costs(v, offer)}</section>` : nothing} ${reasons(v, decision)}
    <p class="fine promise">${icons.lock}<span>${t.sentences(t.promise.credit, t.promise.notApproval)}</span></p>`;
}
