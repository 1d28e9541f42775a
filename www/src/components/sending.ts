/** Exactly what will be sent, beside what stays; then the one button that sends it. */
import { html, nothing, type TemplateResult } from "lit";
import type { FeatureCell } from "../engine.js";
import type { Estimate, Sending } from "../flow/flow.js";
import { icons } from "./icons.js";
import type { View } from "./view.js";

export function sendingStep(v: View, estimate: Estimate): TemplateResult {
  const { t, flow } = v;
  const { sending } = flow;
  return html`${sending.phase === "changed"
      ? changed(v, sending.before, sending.after)
      : html`<h2 data-focus tabindex="-1">${t.sending.title}</h2>
          <p class="lead">${t.sending.intro}</p>`}
    <ul class="sent">
      ${estimate.cells.map((cell) => item(v, cell))}
    </ul>
    <section class="panel" aria-labelledby="along">
      <h3 id="along">${t.sending.alsoSent}</h3>
      <dl class="costs">
        ${line(t.sending.product, v.p.get(`product.${estimate.summary.request.product}.name`))}
        ${line(t.sending.amount, v.money.exact(estimate.summary.request.amount))}
        ${line(t.sending.term, t.request.months(estimate.summary.request.term))}
        ${line(t.sending.date, v.date(estimate.summary.as_of))}
        ${line(t.sending.policy, `${flow.view.version} · ${estimate.summary.policy.slice(0, 8)}`)}
      </dl>
      <p class="fine">${t.sending.proof}</p>
    </section>
    <p class="fine promise">${icons.lock}<span>${t.sentences(t.promise.credit, t.promise.notApproval)}</span></p>
    ${sending.phase === "refused" ? refused(v, sending) : nothing}`;
}

const line = (term: string, value: string) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`;

/** One feature: the answers that it comes from, which stay, and its cell, which is sent. */
function item(v: View, cell: FeatureCell): TemplateResult {
  const { t, flow } = v;
  const inputs = flow.view.features.find(({ id }) => id === cell.feature)?.inputs ?? [];
  // That a page was opened is told by the answers on it, as is how many entries a list of so many has.
  const openers = new Set(flow.view.groups.map(({ opener }) => opener));
  const sources = flow.view.questions.filter(({ id }) => inputs.includes(id) && !openers.has(id) && !v.isFixed(id));
  const questions = sources.filter(({ id, supplied }) => supplied || flow.isAsked(id));
  const alone = sources.length === 1;
  const { lowest, highest } = cell;
  const ranged = typeof cell.sent === "number" && lowest !== highest;
  return html`<li>
    <h3>${v.p.get(`feature.${cell.feature}.label`)}</h3>
    <dl>
      <div class="stays">
        <dt>${t.sending.stays}</dt>
        ${questions.length === 0 ? html`<dd>${t.sending.blank}</dd>` : nothing}
        ${questions.map(
          (question) =>
            html`<dd>
              ${alone ? nothing : html`<span class="from">${v.asked(question)}</span>`}
              ${v.given(question)}
            </dd>`,
        )}
      </div>
      <div class="leaves">
        <dt>${t.sending.sent}</dt>
        <dd>
          ${v.sent(cell)}
          ${ranged && typeof cell.sent === "number"
            ? html`<span class="from">${t.sending.as(v.quantity(cell.kind, cell.sent, v.unitOf(cell)))}</span>`
            : nothing}
        </dd>
      </div>
    </dl>
  </li>`;
}

/** By the server's date the result is another: what differs, side by side. */
function changed(v: View, before: Estimate, after: Estimate): TemplateResult {
  const { t } = v;
  const labels = new Map(before.cells.map((cell) => [cell.feature, v.sent(cell)]));
  const rows: [string, string, string][] = [
    [t.sending.date, v.date(before.summary.as_of), v.date(after.summary.as_of)],
    [t.sending.eligibility, t.estimate[before.decision.eligibility], t.estimate[after.decision.eligibility]],
    [t.sending.limit, limitOf(v, before), limitOf(v, after)],
    [t.offer.first, instalmentOf(v, before), instalmentOf(v, after)],
    ...after.cells.map((cell): [string, string, string] => [
      v.p.get(`feature.${cell.feature}.label`),
      labels.get(cell.feature) ?? "",
      v.sent(cell),
    ]),
  ];
  return html`<div class="notice" role="alert">
    <h2 data-focus tabindex="-1">${t.sending.changed}</h2>
    <p>${t.sending.changedNote}</p>
    <table>
      <thead>
        <tr>
          <td></td>
          <th scope="col">${t.sending.before}</th>
          <th scope="col">${t.sending.after}</th>
        </tr>
      </thead>
      <tbody>
        ${rows
          .filter(([, was, is]) => was !== is)
          .map(([name, was, is]) => html`<tr><th scope="row">${name}</th><td>${was}</td><td>${is}</td></tr>`)}
      </tbody>
    </table>
  </div>`;
}

function limitOf(v: View, { decision }: Estimate): string {
  return decision.limit ? v.money.short(decision.limit.amount) : "–";
}

function instalmentOf(v: View, { decision }: Estimate): string {
  const offer = v.flow.offer(decision);
  return offer ? v.money.exact(offer.instalment) : "–";
}

/** Codes that only a fresh copy of the page can mend. */
const STALE = new Set([
  "malformed",
  "unsupported_version",
  "engine_outdated",
  "unknown_policy",
  "policy_superseded",
  "summary_invalid",
  "outcome_mismatch",
]);

function refused(v: View, { code }: Extract<Sending, { phase: "refused" }>): TemplateResult {
  const { refusals } = v.t;
  const text = Object.hasOwn(refusals, code) ? refusals[code as keyof typeof refusals] : refusals.other;
  return html`<div class="notice bad" role="alert">
    <h3>${refusals.title}</h3>
    <p>${text}</p>
    ${STALE.has(code)
      ? html`<button
          type="button"
          class="quiet"
          @click=${() => {
            location.reload();
          }}
        >
          ${refusals.reload}
        </button>`
      : nothing}
  </div>`;
}
