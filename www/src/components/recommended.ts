/** Which offer suits most who ask for this, and why: that it is the one looked at, or one tap to it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Decision } from "../engine.js";
import { icons } from "./icons.js";
import type { View } from "./view.js";

export function recommended(v: View, { recommended: best }: Decision): TemplateResult | typeof nothing {
  const { flow, t } = v;
  const { product, term } = flow.request;
  if (!best) return nothing;
  const chosen = best.product === product && best.term === term;
  if (chosen && best.why === "only") return nothing;
  const { choose, other, this: here, why } = t.estimate.recommended;
  const months = t.request.months(best.term);
  const name = best.product === product ? months : `${v.p.get(`product.${best.product}.name`)} · ${months}`;
  // Every reason keeps its room: while a slider is drawn, nothing below moves when another one comes to hold.
  const sentence = (say: (reason: string) => string) =>
    Object.entries(why).map(([code, reason]) => html`<span ?data-off=${code !== best.why}>${say(reason)}</span>`);
  return html`<div class="either recommended">
    <p ?data-off=${!chosen}>${icons.yes}<span class="either">${sentence(here)}</span></p>
    <div ?data-off=${chosen}>
      <p class="either" id="recommended">${sentence((reason) => other(name, reason))}</p>
      <button
        type="button"
        class="secondary"
        aria-describedby="recommended"
        @click=${(event: Event) => {
          // The button goes with what it changes; the focus stays with what it was about.
          const section = (event.currentTarget as HTMLElement).closest("section");
          section?.querySelector<HTMLElement>(".adjust")?.focus({ preventScroll: true });
          flow.choose({ product: best.product, term: best.term });
        }}
      >
        ${choose}
      </button>
    </div>
  </div>`;
}
