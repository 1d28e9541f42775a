/** What the money is for: one card a policy. */
import { html, type TemplateResult } from "lit";
import type { PolicyTexts } from "../flow/catalogue.js";
import type { Texts } from "../texts/index.js";
import { icons } from "./icons.js";

export interface Choice {
  id: string;
  words: PolicyTexts;
}

export function chooser(t: Texts, choices: readonly Choice[], href: (id: string) => string): TemplateResult {
  return html`<h1 class="title">${t.chooser.title}</h1>
    <p class="lead">${t.chooser.intro}</p>
    ${choices.length === 0
      ? html`<p>${t.chooser.empty}</p>`
      : html`<ul class="choices">
          ${choices.map(
            ({ id, words }) =>
              html`<li>
                <a href=${href(id)}>
                  <span class="choice-text">
                    <strong>${words.get("policy.title")}</strong>
                    <span>${words.find("policy.purpose") ?? ""}</span>
                  </span>
                  ${icons.go}
                </a>
              </li>`,
          )}
        </ul>`}
    <p class="fine promise">${icons.lock}<span>${t.sentences(t.promise.credit, t.promise.device)}</span></p>`;
}
