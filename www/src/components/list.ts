/** A list of records: its entries, one of which is open to be filled in. Fetched where a policy has lists. */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { QuestionView } from "../engine.js";
import { countOf, entriesOf, without } from "../flow/lists.js";
import { icons } from "./icons.js";
import { describedBy, errorLine, help, label, questionField } from "./question.js";
import type { View } from "./view.js";

/** Which entry of a list is open, by question; for the flow that is shown. */
const opened = new WeakMap<object, Map<string, number>>();

export function listField(v: View, question: QuestionView, host: LitElement): TemplateResult {
  const { flow, t } = v;
  const { id } = question;
  const open = opened.get(flow) ?? new Map<string, number>();
  opened.set(flow, open);
  const entries = entriesOf(flow.view, id);
  const count = countOf(question, flow.draft);

  /** Shows a change and moves the focus along with it. */
  const show = (target: string, entry?: number) => {
    if (entry === undefined) open.delete(id);
    else open.set(id, entry);
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
    const isOpen = open.get(id) === entry || asked.some((field) => flow.errorOf(field.id));
    const given = asked.filter((field) => flow.draft[field.id] !== undefined).map((field) => v.given(field));
    return html`<li class="entry" data-entry=${entry}>
      <div class="entry-head">
        <p><strong>${title}</strong>${isOpen ? nothing : html`<span>${given.join(" · ")}</span>`}</p>
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
          ${question.minimum === question.maximum
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
      ${isOpen
        ? html`${asked.map((field) => questionField(v, field))}
            <button
              type="button"
              class="secondary"
              @click=${() => {
                show(`[data-entry="${entry}"] .quiet`);
              }}
            >
              ${t.list.done}
            </button>`
        : nothing}
    </li>`;
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
