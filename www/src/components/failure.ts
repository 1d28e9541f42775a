/** Why no estimate can be shown, and what to do instead. */
import { html, nothing, type TemplateResult } from "lit";
import { EngineRefused } from "../engine.js";
import { BrokenPolicy, UnknownPolicy } from "../flow/catalogue.js";
import type { Shell } from "../texts/index.js";
import { icons } from "./icons.js";

export type Failure = "wasm" | "network" | "policy" | "broken" | "embed" | "currency";

export function failureOf(error: unknown): Failure {
  if (error instanceof EngineRefused) return "wasm";
  if (error instanceof UnknownPolicy) return "policy";
  if (error instanceof BrokenPolicy) return "broken";
  return "network";
}

export interface FailurePanel {
  t: Shell;
  failure: Failure;
  retry: () => void;
  /** Where the borrower starts over; nowhere in a frame. */
  start: string | undefined;
}

export function failurePanel({ t, failure, retry, start }: FailurePanel): TemplateResult {
  return html`<div class="failure" role="alert">
    ${icons.warn}
    <h1>${t.failures.title}</h1>
    <p>${t.failures[failure]}</p>
    ${failure === "network"
      ? html`<button type="button" class="primary" @click=${retry}>${t.retry}</button>`
      : nothing}
    ${failure === "policy" && start !== undefined ? html`<a class="primary" href=${start}>${t.failures.start}</a>` : nothing}
  </div>`;
}
