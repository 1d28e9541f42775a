/** The steps of the flow, one screen each. */
import type { PolicyView, QuestionView } from "../engine.js";

export type Step =
  /** How much and for how long. */
  | { kind: "request" }
  /** One group of questions. */
  | { kind: "group"; id: string; questions: QuestionView[] }
  /** The estimate, live. */
  | { kind: "estimate" }
  /** What will be sent, beside what stays. */
  | { kind: "sending" }
  /** The server's answer. */
  | { kind: "answer" };

export function stepsOf(view: PolicyView): Step[] {
  const byId = new Map(view.questions.map((question) => [question.id, question]));
  const groups = view.groups.map(({ id, questions }): Step => {
    return { kind: "group", id, questions: questions.flatMap((name) => byId.get(name) ?? []) };
  });
  return [{ kind: "request" }, ...groups, { kind: "estimate" }, { kind: "sending" }, { kind: "answer" }];
}
