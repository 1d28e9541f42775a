/** A list of records: its entries, of which those that are filled in now are open. Fetched where a policy has lists. */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { QuestionView } from "../engine.js";
import { countOf, entriesOf, without } from "../flow/lists.js";
import { icons } from "./icons.js";
import { describedBy, errorLine, help, label, questionField } from "./question.js";
import type { View } from "./view.js";

/** Which entries of a list are open, by question; for the flow that is shown. */
const opened = new WeakMap<object, Map<string, Set<number>>>();

export function listField(v: View, question: QuestionView, host: LitElement): TemplateResult {
  const { flow, t } = v;
  const { id } = question;
  const open = opened.get(flow) ?? new Map<string, Set<number>>();
  opened.set(flow, open);
  const entries = entriesOf(flow.view, id);
  const count = countOf(question, flow.draft);
  const fixed = v.isFixed(id);

  /** Shows a change and moves the focus along with it. */
  const show = (target: string, entry?: number) => {
    open.set(id, new Set(entry === undefined ? [] : [entry]));
    host.requestUpdate();
    void host.updateComplete.then(() => {
      const field = host.renderRoot.querySelector(`[data-question="${CSS.escape(id)}"]`);
      field?.querySelector<HTMLElement>(target)?.focus();
    });
  };
  const add = () => {
    flow.forgive(entries[count]?.map((field) => field.id) ?? []);
    flow.answer(id, String(count + 1));
    show(`[data-entry="${count}"] :is(input, select)`, count);
  };
  const remove = (entry: number) => {
    flow.forgive(entries.flat().map((field) => field.id));
    flow.change({ ...without(entries, flow.draft, entry), [id]: String(count - 1) });
    show(".add");
  };

  const item = (fields: QuestionView[], entry: number) => {
    const title = v.entry(id, entry);
    const asked = fields.filter((field) => flow.isAsked(field.id));
    // What an error has opened stays so while it is put right, to the button that closes it.
    if (asked.some((field) => flow.errorOf(field.id))) open.set(id, new Set(open.get(id)).add(entry));
    const isOpen = fixed || open.get(id)?.has(entry) === true;
    if (fixed && fields.length === 1) {
      return html`<li data-entry=${entry}>${asked.map((field) => questionField(v, field))}</li>`;
    }
    return html`<li class="entry" data-entry=${entry}>
      <div class="entry-head">
        <p><strong>${title}</strong></p>
        <span class="tools">
          ${isOpen
            ? nothing
            : html`<button
                type="button"
                class="quiet"
                aria-label=${t.labelled(t.list.edit, title)}
                @click=${() => {
                  show(`[data-entry="${entry}"] :is(input, select)`, entry);
                }}
              >
                ${t.list.edit}
              </button>`}
          ${fixed
            ? nothing
            : html`<button
                type="button"
                class="quiet"
                aria-label=${t.labelled(t.list.remove, title)}
                @click=${() => {
                  remove(entry);
                }}
              >
                ${t.list.remove}
              </button>`}
        </span>
      </div>
      ${isOpen ? html`${asked.map((field) => questionField(v, field))}${fixed ? nothing : done(entry)}` : given(asked)}
    </li>`;
  };

  const done = (entry: number) =>
    html`<button
      type="button"
      class="secondary"
      @click=${() => {
        show(`[data-entry="${entry}"] .quiet`);
      }}
    >
      ${t.list.done}
    </button>`;

  /** What was answered; a figure says nothing without what it is. */
  const given = (asked: QuestionView[]) => {
    const answered = asked.filter((field) => flow.draft[field.id] !== undefined);
    if (answered.length === 0) return nothing;
    return html`<dl class="costs">
      ${answered.map((field) => html`<div><dt>${v.label(field)}</dt><dd>${v.given(field)}</dd></div>`)}
    </dl>`;
  };

  return html`<fieldset class="question" data-question=${id} aria-describedby=${describedBy(v, question)}>
    <legend>${label(v, question)}</legend>
    ${help(v, question)}
    ${count === 0 ? nothing : html`<ul class="entries">${entries.slice(0, count).map(item)}</ul>`}
    ${count < question.maximum
      ? html`<button type="button" class="secondary add" @click=${add}>${icons.plus}${t.list.add}</button>`
      : nothing}
    ${errorLine(v, question)}
  </fieldset>`;
}
