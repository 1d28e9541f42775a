/** The steps of the flow, one screen each. */
import type { PolicyView, QuestionView } from "../engine.js";

export type Step =
  /** How much and for how long. */
  | { kind: "request" }
  /** One group of questions. */
  | { kind: "group"; id: string; questions: QuestionView[]; opener?: string | undefined }
  /** The estimate, live. */
  | { kind: "estimate" }
  /** What will be sent, beside what stays. */
  | { kind: "sending" }
  /** The server's answer. */
  | { kind: "answer" };

/** The pages that apply: those on which something is asked now. */
export function stepsOf(view: PolicyView, asked: ReadonlySet<string>): Step[] {
  const byId = new Map(view.questions.map((question) => [question.id, question]));
  const groups = view.groups.flatMap(({ id, questions, opener }): Step[] => {
    const shown = questions.flatMap((name) => (asked.has(name) ? (byId.get(name) ?? []) : []));
    return shown.length === 0 ? [] : [{ kind: "group", id, questions: shown, opener }];
  });
  return [{ kind: "request" }, ...groups, { kind: "estimate" }, { kind: "sending" }, { kind: "answer" }];
}
