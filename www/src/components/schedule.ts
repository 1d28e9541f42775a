/** The schedule's place under the estimate, closed at first. What shows it is fetched when it is opened. */
import { html, nothing, type TemplateResult } from "lit";
import { shells } from "../texts/index.js";
import type { View } from "./view.js";

export function schedule(v: View): TemplateResult | typeof nothing {
  const offer = v.flow.offer();
  if (!offer) return nothing;
  const shell = shells[v.lang];
  return html`<details class="panel" @toggle=${fetchPanel}>
    <summary><h3>${v.t.estimate.seeSchedule}</h3></summary>
    <pq-schedule .view=${v} .offer=${offer}>
      <p class="waiting" role="status">${shell.loading}</p>
      <div class="failed" role="alert">
        <p>${shell.failures.network}</p>
        <button type="button" class="secondary" @click=${fetchPanel}>${shell.retry}</button>
      </div>
    </pq-schedule>
  </details>`;
}

/** Defines `<pq-schedule>`, which then shows itself in the place of what it holds. */
async function fetchPanel(event: Event): Promise<void> {
  const details = (event.currentTarget as HTMLElement).closest("details");
  if (!details?.open) return;
  details.removeAttribute("data-failed");
  try {
    await import("./schedule-panel.js");
  } catch {
    details.setAttribute("data-failed", "");
  }
}
