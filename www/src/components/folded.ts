/** The panels under the estimate, closed at first. What shows one is fetched when it is opened. */
import { html, nothing, type TemplateResult } from "lit";
import { shells } from "../texts/index.js";
import type { View } from "./view.js";

/** Fetches what defines a panel's element, which then shows itself in the place of what it holds. */
const fetching = (code: () => Promise<unknown>) => async (event: Event) => {
  const details = (event.currentTarget as HTMLElement).closest("details");
  if (!details?.open) return;
  details.removeAttribute("data-failed");
  try {
    await code();
  } catch {
    details.setAttribute("data-failed", "");
  }
};

const fetchStatement = fetching(() => import("./statement-panel.js"));
const fetchSchedule = fetching(() => import("./schedule-panel.js"));

/** What the offer costs and how it is paid back. */
export function panels(v: View): TemplateResult | typeof nothing {
  const offer = v.flow.offer();
  if (!offer) return nothing;
  const { seeCosts, seeSchedule } = v.t.estimate;
  return html`${folded(seeCosts, fetchStatement, html`<pq-statement class="late" .view=${v} .offer=${offer}>${coming(v, fetchStatement)}</pq-statement>`)}
  ${folded(seeSchedule, fetchSchedule, html`<pq-schedule class="late" .view=${v} .offer=${offer}>${coming(v, fetchSchedule)}</pq-schedule>`)}`;
}

type Fetching = ReturnType<typeof fetching>;

function folded(title: string, fetch: Fetching, element: TemplateResult): TemplateResult {
  return html`<details class="panel" @toggle=${fetch}>
    <summary><h3>${title}</h3></summary>
    ${element}
  </details>`;
}

function coming(v: View, fetch: Fetching): TemplateResult {
  const shell = shells[v.lang];
  return html`<p class="waiting" role="status">${shell.loading}</p>
    <div class="failed" role="alert">
      <p>${shell.failures.network}</p>
      <button type="button" class="secondary" @click=${fetch}>${shell.retry}</button>
    </div>`;
}
