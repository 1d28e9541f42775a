/** One question, by its kind: a labelled input, its help, and its error once that is certain. */
import { html, nothing, type TemplateResult } from "lit";
import type { QuestionView } from "../engine.js";
import { periodDraft, periodParts } from "../flow/draft.js";
import { isoDay } from "../format/date.js";
import { icons } from "./icons.js";
import type { View } from "./view.js";

/** More options than this are a list that opens. */
const CARDS = 12;

export function questionField(v: View, question: QuestionView): TemplateResult {
  switch (question.kind) {
    case "choice":
      return question.options.length > CARDS ? select(v, question) : cards(v, question);
    case "boolean":
      return cards(v, question);
    case "date":
    case "money":
    case "ratio":
    case "real":
    case "integer":
      return typed(v, question);
    case "period":
      return period(v, question);
  }
}

const helpOf = (v: View, question: QuestionView) => v.p.find(`${v.key(question.id)}.help`);

/** The ids of what describes the input: its error first, then its help. */
export function describedBy(v: View, question: QuestionView): string | typeof nothing {
  const ids = [
    v.flow.errorOf(question.id) && `error-${question.id}`,
    helpOf(v, question) !== undefined && `help-${question.id}`,
  ].filter((id) => typeof id === "string");
  return ids.length > 0 ? ids.join(" ") : nothing;
}

export function label(v: View, question: QuestionView): TemplateResult {
  // How many entries a list has goes without saying where that is fixed; what they are does not.
  return html`${v.label(question)}${question.optional && !v.isFixed(question.id)
    ? html` <span class="optional">${v.t.optional}</span>`
    : nothing}`;
}

export function help(v: View, question: QuestionView) {
  const text = helpOf(v, question);
  return text === undefined ? nothing : html`<p class="help" id="help-${question.id}">${text}</p>`;
}

export function errorLine(v: View, question: QuestionView) {
  const error = v.flow.errorOf(question.id);
  return error
    ? html`<p class="error" id="error-${question.id}">${icons.warn}<span>${v.error(question, error)}</span></p>`
    : nothing;
}

/** The keys to type it with; a telephone's pad of digits has no minus. */
function keyboard(v: View, question: QuestionView): "text" | "numeric" | "decimal" {
  if (question.minimum < 0) return "text";
  return v.isWhole(question) ? "numeric" : "decimal";
}

function typed(v: View, question: QuestionView): TemplateResult {
  const { flow, t } = v;
  const { id, kind } = question;
  const dated = kind === "date";
  const before = kind === "money" ? v.money.sign : "";
  const words = kind === "integer" ? t.countUnit : t.perUnit;
  const unit = question.unit === undefined ? "" : words[question.unit];
  const after = kind === "ratio" ? "%" : unit;
  return html`<div class="question" data-question=${id}>
    <label for="q-${id}">${label(v, question)}</label>
    ${help(v, question)}
    <div class="input" ?data-wrong=${flow.errorOf(id) !== undefined}>
      ${before === "" ? nothing : html`<span class="affix" aria-hidden="true">${before}</span>`}
      <input
        id="q-${id}"
        type=${dated ? "date" : "text"}
        inputmode=${dated ? nothing : keyboard(v, question)}
        min=${dated ? isoDay(question.minimum) : nothing}
        max=${dated ? isoDay(question.maximum) : nothing}
        autocomplete="off"
        enterkeyhint="next"
        aria-required=${question.optional ? nothing : "true"}
        aria-invalid=${flow.errorOf(id) ? "true" : nothing}
        aria-describedby=${describedBy(v, question)}
        .value=${flow.draft[id] ?? ""}
        @input=${(event: Event) => {
          flow.answer(id, (event.target as HTMLInputElement).value);
        }}
        @blur=${() => {
          flow.leave(id);
        }}
      />
      ${after === "" ? nothing : html`<span class="affix">${after}</span>`}
    </div>
    ${errorLine(v, question)}
  </div>`;
}

/** Years and months, which are one answer. */
function period(v: View, question: QuestionView): TemplateResult {
  const { flow, t } = v;
  const { id } = question;
  const [years, months] = periodParts(flow.draft[id]);
  const wrong = flow.errorOf(id) !== undefined;
  const part = (name: "year" | "month", value: string, draft: (typed: string) => string) =>
    html`<div class="input" ?data-wrong=${wrong}>
      <input
        id="q-${id}-${name}"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        enterkeyhint="next"
        aria-label=${t.countUnit[name]}
        aria-invalid=${wrong ? "true" : nothing}
        aria-describedby=${describedBy(v, question)}
        .value=${value}
        @input=${(event: Event) => {
          flow.answer(id, draft((event.target as HTMLInputElement).value));
        }}
      />
      <span class="affix" aria-hidden="true">${t.countUnit[name]}</span>
    </div>`;
  return html`<fieldset
    class="question"
    data-question=${id}
    @focusout=${(event: FocusEvent) => {
      const within = event.currentTarget as HTMLElement;
      if (!within.contains(event.relatedTarget as Node | null)) flow.leave(id);
    }}
  >
    <legend>${label(v, question)}</legend>
    ${help(v, question)}
    <div class="parts">
      ${part("year", years, (typed) => periodDraft(typed, months))}
      ${part("month", months, (typed) => periodDraft(years, typed))}
    </div>
    ${errorLine(v, question)}
  </fieldset>`;
}

function cards(v: View, question: QuestionView): TemplateResult {
  const { flow } = v;
  const { id } = question;
  const options: [string, string][] =
    question.kind === "boolean"
      ? [
          ["true", v.t.yes],
          ["false", v.t.no],
        ]
      : question.options.map((option) => [option, v.option(id, option)]);
  const chosen = flow.draft[id];
  return html`<fieldset
    class="question"
    role="radiogroup"
    data-question=${id}
    aria-required=${question.optional ? nothing : "true"}
    aria-invalid=${flow.errorOf(id) ? "true" : nothing}
    aria-describedby=${describedBy(v, question)}
  >
    <legend>${label(v, question)}</legend>
    ${help(v, question)}
    <div class="cards" ?data-two=${question.kind === "boolean"}>
      ${options.map(
        ([option, text]) =>
          html`<label class="card-option">
            <input
              type="radio"
              name="q-${id}"
              value=${option}
              .checked=${chosen === option}
              @change=${() => {
                flow.answer(id, option);
              }}
            />
            <span>${text}</span>
          </label>`,
      )}
    </div>
    ${question.optional && chosen !== undefined
      ? html`<button
          type="button"
          class="quiet"
          @click=${() => {
            flow.answer(id, "");
          }}
        >
          ${v.t.clear}
        </button>`
      : nothing}
    ${errorLine(v, question)}
  </fieldset>`;
}

function select(v: View, question: QuestionView): TemplateResult {
  const { flow } = v;
  const { id } = question;
  return html`<div class="question" data-question=${id}>
    <label for="q-${id}">${label(v, question)}</label>
    ${help(v, question)}
    <div class="input" ?data-wrong=${flow.errorOf(id) !== undefined}>
      <select
        id="q-${id}"
        aria-required=${question.optional ? nothing : "true"}
        aria-invalid=${flow.errorOf(id) ? "true" : nothing}
        aria-describedby=${describedBy(v, question)}
        @change=${(event: Event) => {
          flow.answer(id, (event.target as HTMLSelectElement).value);
        }}
      >
        <option value="" ?selected=${flow.draft[id] === undefined}>${v.t.choose}</option>
        ${question.options.map(
          (option) =>
            html`<option value=${option} ?selected=${flow.draft[id] === option}>
              ${v.option(id, option)}
            </option>`,
        )}
      </select>
    </div>
    ${errorLine(v, question)}
  </div>`;
}
