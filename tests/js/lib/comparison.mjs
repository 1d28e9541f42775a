import { canonical } from "./canonical.mjs";
import { differences } from "./differences.mjs";

/** What `Applicant.assess` answers with. */
const VERDICTS = { not_eligible: 1, review: 2, eligible: 3 };

/**
 * Holds the module against what the native engine computed, case by case, both ways across the boundary. A case:
 *
 * - `as_of`; `values`: the answers by index in their units, null where left open; `product` by index, `term`, `amount`
 * - `errors`: what is wrong, or else `summary` and `decision`, their canonical bytes in a form, and `digest`
 */
export class Comparison {
  #engine;
  #policy;
  #questions;
  #products;
  #form;
  /** One applicant for each date, so that every case is typed over the one before. */
  #applicants = new Map();

  /** `form` is what the cases have of canonical bytes: all of them, or what a function makes of them. */
  constructor(engine, bytes, form = (text) => text) {
    this.#engine = engine;
    this.#policy = new engine.Policy(bytes);
    this.#form = form;
    const { questions, products } = this.#policy.describe();
    this.#questions = questions;
    this.#products = products.map(({ id }) => id);
  }

  /** The differences, none where native and wasm agree. */
  check(expected) {
    const answers = this.#answers(expected.values);
    return [...this.#objects(expected, answers), ...this.#handle(expected, answers)];
  }

  #objects({ product, term, amount, as_of, errors, summary, decision, digest }, answers) {
    const request = { product: this.#products[product], term, amount };
    const answer = this.#policy.summarise(answers, request, as_of);
    if (errors !== undefined) {
      if (answer.status !== "invalid") return [`objects: ${answer.status}, native refuses`];
      return differences("objects: errors", canonical(answer.errors), canonical(errors));
    }
    if (answer.status !== "ok") return [`objects: ${canonical(answer)}, native answers`];
    const assessed = this.#policy.assess(answer.summary);
    if (assessed.status !== "ok") return [`objects: ${canonical(assessed)}, native assesses`];
    const told = this.#policy.canonical(answer.summary);
    return [
      ...differences("objects: bytes of the summary", this.#form(told), summary),
      ...differences("objects: summary", canonical(answer.summary), told),
      ...differences("objects: bytes of the decision", this.#form(assessed.canonical), decision),
      ...differences("objects: decision", canonical(assessed.decision), assessed.canonical),
      ...differences("objects: digest", assessed.digest, digest),
    ];
  }

  #handle({ values, product, term, amount, as_of, errors, decision, digest }, answers) {
    const applicant = this.#applicant(as_of);
    values.forEach((value, index) => {
      if (value === null) applicant.clear(index);
      else applicant.set(index, value);
    });
    const asked = applicant.asked();
    const ids = this.#questions.filter(({ index, supplied }) => asked[index] === 1 && !supplied).map(({ id }) => id);
    const unlike = differences("what is asked", ids.join(), this.#policy.asked(answers, as_of).join());
    if (unlike.length > 0) return unlike;
    applicant.request(product, term, amount);
    const verdict = applicant.assess();
    const answer = applicant.decision();
    if (errors !== undefined) {
      if (verdict !== 0 || answer.status !== "invalid") return [`handle: verdict ${verdict}, native refuses`];
      return [
        ...differences("handle: errors", canonical(answer.errors), canonical(errors)),
        ...differences("handle: packed", numbers(applicant.packed()), ""),
      ];
    }
    if (verdict === 0) return [`handle: ${canonical(answer)}, native answers`];
    return [
      ...differences("handle: decision", this.#form(canonical(answer.decision)), decision),
      ...differences("handle: digest", answer.digest, digest),
      ...differences("handle: verdict", String(verdict), String(VERDICTS[answer.decision.eligibility])),
      ...differences("handle: packed", numbers(applicant.packed()), numbers(this.#pack(answer.decision))),
    ];
  }

  /** The answers by name, as a page gives them. */
  #answers(values) {
    const given = this.#questions.filter(({ index }) => values[index] !== null);
    return Object.fromEntries(given.map((question) => [question.id, named(question, values[question.index])]));
  }

  /** The figures of a decision in the order that `Applicant.packed` documents. */
  #pack({ limit, score, probability, offers }) {
    const figures = offers.map((offer) => [
      this.#products.indexOf(offer.product),
      offer.term,
      offer.amount,
      offer.limit,
      offer.annual_rate,
      offer.instalment,
      offer.last_instalment,
      offer.interest,
      offer.total,
      offer.simple_rate,
      offer.compound_rate,
    ]);
    return [limit?.amount ?? -1, score ?? -1, probability ?? -1, offers.length, ...figures.flat()];
  }

  #applicant(asOf) {
    let applicant = this.#applicants.get(asOf);
    if (applicant === undefined) {
      applicant = new this.#engine.Applicant(this.#policy, asOf);
      this.#applicants.set(asOf, applicant);
    }
    return applicant;
  }
}

const DAY = 24 * 60 * 60 * 1000;

/** An answer in its question's unit as a page gives it. */
function named({ kind, options }, value) {
  if (kind === "choice") return options[value];
  if (kind === "boolean") return value === 1;
  return kind === "date" ? new Date(value * DAY).toISOString().slice(0, 10) : value;
}

function numbers(list) {
  return Array.from(list).join(" ");
}
