/** From what a person typed to what the engine takes, question by question. */
import type { Answers, QuestionView } from "../engine.js";
import { parseDecimal } from "../format/money.js";
import { RATIO_DIGITS } from "../format/rate.js";

/** What was typed, by question; blank answers have no entry. */
export type Draft = Readonly<Record<string, string>>;

/** Decimals of a percentage that is a ratio in millionths. */
const PERCENT_DIGITS = RATIO_DIGITS - 2;

/**
 * The engine's value of one answer. What cannot be read goes through as typed, so that the
 * engine alone says what is wrong with it.
 */
function value(question: QuestionView, typed: string, minorDigits: number): number | string | boolean {
  switch (question.kind) {
    case "integer":
      return parseDecimal(typed, 0) ?? typed;
    case "money":
      return parseDecimal(typed, minorDigits) ?? typed;
    case "ratio":
      return parseDecimal(typed, PERCENT_DIGITS) ?? typed;
    case "real":
      return parseDecimal(typed, RATIO_DIGITS) ?? typed;
    case "period":
      return months(typed) ?? typed;
    case "boolean":
      return typed === "true";
    case "choice":
    case "date":
      return typed;
  }
}

/** A length of time as it is typed: years and months, either of which may be blank. */
export function periodParts(typed: string | undefined): [years: string, months: string] {
  const [years = "", months = ""] = (typed ?? "").split(PARTS);
  return [years, months];
}

/** Both parts as one draft; blank where both are. */
export function periodDraft(years: string, months: string): string {
  return years.trim() === "" && months.trim() === "" ? "" : `${years}${PARTS}${months}`;
}

const PARTS = "/";

/** A length of time in months. */
function months(typed: string): number | undefined {
  const [years, rest] = periodParts(typed).map((part) => (part.trim() === "" ? 0 : parseDecimal(part, 0)));
  return years === undefined || rest === undefined ? undefined : Math.min(years * 12 + rest, Number.MAX_SAFE_INTEGER);
}

/** The whole draft as answers. */
export function answersOf(
  questions: readonly QuestionView[],
  draft: Draft,
  minorDigits: number,
): Answers {
  const answers: Answers = {};
  for (const question of questions) {
    const typed = draft[question.id];
    if (typed !== undefined) answers[question.id] = value(question, typed, minorDigits);
  }
  return answers;
}
