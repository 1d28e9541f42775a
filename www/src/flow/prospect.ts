/** What optional pages can bring: sound bounds, computed by the engine on the device. */
import { Applicant, type Answers, type QuestionView } from "../engine.js";
import type { Estimate, Flow } from "./flow.js";

const DAY = 24 * 60 * 60 * 1000;

/** By estimate: what changes an answer makes another one. */
const known = new WeakMap<Estimate, ReadonlyMap<string, number>>();

/**
 * The most, in minor units, that the limit can come to with the optional page of each opener that may be opened now;
 * `-1` where nothing can be said.
 */
export function prospects(flow: Flow, estimate: Estimate): ReadonlyMap<string, number> {
  const found = known.get(estimate) ?? compute(flow);
  known.set(estimate, found);
  return found;
}

function compute({ loaded, view, request, asOf, answers, closed }: Flow): ReadonlyMap<string, number> {
  const applicant = new Applicant(loaded.policy, asOf);
  const product = view.products.findIndex(({ id }) => id === request.product);
  applicant.request(product, request.term, request.amount);
  for (const question of view.questions) {
    const answer = answers[question.id];
    if (answer !== undefined) applicant.set(question.index, numeric(question, answer));
  }
  const page = (opener: string) => view.groups.findIndex((group) => group.opener === opener);
  const found = new Map(closed.map(({ opener }) => [opener, applicant.prospect(page(opener))]));
  applicant.free();
  return found;
}

/** An answer as the handle takes it. */
function numeric({ kind, options }: QuestionView, answer: Answers[string]): number {
  if (kind === "choice") return options.indexOf(String(answer));
  return kind === "date" ? Date.parse(String(answer)) / DAY : Number(answer);
}
