/** Lists of records: the questions of each entry, and what adding and removing an entry does to the draft. */
import type { PolicyView, QuestionView } from "../engine.js";
import type { Draft } from "./draft.js";

/** The questions of each entry that the list can have; none where the question is no list. */
export function entriesOf(view: PolicyView, id: string): QuestionView[][] {
  const list = view.lists.find((one) => one.id === id);
  if (!list) return [];
  return Array.from({ length: list.entries }, (_, entry) => {
    const first = list.first + entry * list.fields;
    return view.questions.slice(first, first + list.fields);
  });
}

/** How many entries there are. */
export function countOf(question: QuestionView, draft: Draft): number {
  const typed = draft[question.id];
  if (typed !== undefined) return Number(typed);
  return question.optional ? question.minimum : 0;
}

/** The answers after an entry was taken out: those behind it move up. */
export function without(entries: readonly QuestionView[][], draft: Draft, removed: number): Draft {
  const moved = entries.slice(removed).flatMap((fields, at) =>
    fields.map(({ id }, field): [string, string] => {
      const next = entries[removed + at + 1]?.[field];
      return [id, (next && draft[next.id]) ?? ""];
    }),
  );
  return Object.fromEntries(moved);
}
