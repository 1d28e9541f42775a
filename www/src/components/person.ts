/** How to reach a person, at any point of the flow. */
import { html, nothing, type TemplateResult } from "lit";
import type { SiteWords } from "../site.js";
import type { Shell } from "../texts/index.js";
import { icons } from "./icons.js";

export interface PersonPanel {
  t: Shell;
  /** The policy's own words for it, if any. */
  intro: string | undefined;
  site: SiteWords | undefined;
  reference: string | undefined;
}

export function personDialog({ t, intro, site, reference }: PersonPanel): TemplateResult {
  const close = (event: Event) => {
    (event.currentTarget as HTMLElement).closest("dialog")?.close();
  };
  return html`<dialog class="person" aria-labelledby="person-title">
    <div class="dialog-head">
      <h2 id="person-title">${t.person.title}</h2>
      <button type="button" class="round" aria-label=${t.close} @click=${close}>${icons.close}</button>
    </div>
    <p>${intro ?? t.person.intro}</p>
    ${site
      ? html`<dl class="costs">
          <div>
            <dt>${t.person.phone}</dt>
            <dd><a href="tel:${site.person.phone}">${site.person.phone}</a></dd>
          </div>
          <div>
            <dt>${t.person.hours}</dt>
            <dd>${site.person.hours}</dd>
          </div>
          <div>
            <dt>${t.person.visit}</dt>
            <dd>${site.person.visit}</dd>
          </div>
          ${reference === undefined
            ? nothing
            : html`<div>
                <dt>${t.person.reference}</dt>
                <dd>${reference}</dd>
              </div>`}
        </dl>`
      : html`<p>${t.person.unavailable}</p>`}
  </dialog>`;
}
