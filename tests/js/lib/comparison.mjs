import { canonical } from "./canonical.mjs";

/** What `Applicant.assess` answers with. */
const VERDICTS = { not_eligible: 1, review: 2, eligible: 3 };

/**
 * Holds the module against what the native engine computed, case by case, both ways across the boundary. A case:
 *
 * - `as_of`, `answers`, `request`: as objects
 * - `values`, `product`: the answers by index in their units, null where left open, and the product by index
 * - `errors`: what is wrong, or else `summary`, `decision` (canonical bytes) and `digest`
 */
export class Comparison {
  #engine;
  #policy;
  #products;
  #questions;
  /** One applicant for each date, so that every case is typed over the one before. */
  #applicants = new Map();

  constructor(engine, bytes) {
    this.#engine = engine;
    this.#policy = new engine.Policy(bytes);
    const { products, questions } = this.#policy.describe();
    this.#products = products.map(({ id }) => id);
    this.#questions = questions;
  }

  /** The differences, none where native and wasm agree. */
  check(expected) {
    return [...this.#objects(expected), ...this.#handle(expected)];
  }

  #objects({ answers, request, as_of, errors, summary, decision, digest }) {
    const answer = this.#policy.summarise(answers, request, as_of);
    if (errors !== undefined) {
      if (answer.status !== "invalid") return [`objects: ${answer.status}, native refuses`];
      return differences("objects: errors", canonical(answer.errors), canonical(errors));
    }
    if (answer.status !== "ok") return [`objects: ${canonical(answer)}, native answers`];
    const assessed = this.#policy.assess(answer.summary);
    if (assessed.status !== "ok") return [`objects: ${canonical(assessed)}, native assesses`];
    return [
      ...differences("objects: summary", canonical(answer.summary), summary),
      ...differences("objects: bytes of the summary", this.#policy.canonical(answer.summary), summary),
      ...differences("objects: decision", canonical(assessed.decision), decision),
      ...differences("objects: bytes of the decision", assessed.canonical, decision),
      ...differences("objects: digest", assessed.digest, digest),
    ];
  }

  #handle({ values, answers, product, request, as_of, errors, decision, digest }) {
    const applicant = this.#applicant(as_of);
    values.forEach((value, index) => {
      if (value === null) applicant.clear(index);
      else applicant.set(index, value);
    });
    const asked = applicant.asked();
    const ids = this.#questions.filter(({ index, supplied }) => asked[index] === 1 && !supplied).map(({ id }) => id);
    const unlike = differences("what is asked", ids.join(), this.#policy.asked(answers, as_of).join());
    if (unlike.length > 0) return unlike;
    applicant.request(product, request.term, request.amount);
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
    const native = JSON.parse(decision);
    return [
      ...differences("handle: verdict", String(verdict), String(VERDICTS[native.eligibility])),
      ...differences("handle: decision", canonical(answer.decision), decision),
      ...differences("handle: digest", answer.digest, digest),
      ...differences("handle: packed", numbers(applicant.packed()), numbers(this.#pack(native))),
    ];
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

/** Characters shown before the first difference and after it. */
const BEFORE = 60;
const AFTER = 40;

function differences(what, wasm, native) {
  if (wasm === native) return [];
  let at = 0;
  while (wasm?.[at] === native[at]) at += 1;
  const around = (text) => text?.slice(Math.max(0, at - BEFORE), at + AFTER);
  return [`${what}, from character ${at}\n  native …${around(native)}…\n  wasm   …${around(wasm)}…`];
}

function numbers(list) {
  return Array.from(list).join(" ");
}
