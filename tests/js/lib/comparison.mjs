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
  /** One applicant for each date, so that every case is typed over the one before. */
  #applicants = new Map();

  constructor(engine, bytes) {
    this.#engine = engine;
    this.#policy = new engine.Policy(bytes);
  }

  /** The differences, none where native and wasm agree. */
  check(expected) {
    return [...this.#objects(expected), ...this.#handle(expected)];
  }

  #objects({ answers, request, as_of, errors, summary, decision, digest }) {
    const answer = this.#policy.summarise(answers, request, as_of);
    if (errors !== undefined) {
      if (answer.status !== "invalid") return [`objects: status ${answer.status}, native refuses`];
      return differences("objects: errors", canonical(answer.errors), canonical(errors));
    }
    if (answer.status !== "ok") return [`objects: ${canonical(answer)}, native answers`];
    const assessed = this.#policy.assess(answer.summary);
    if (assessed.status !== "ok") return [`objects: ${canonical(assessed)}, native assesses`];
    return [
      ...differences("objects: summary", canonical(answer.summary), summary),
      ...differences("objects: decision", canonical(assessed.outcome.decision), decision),
      ...differences("objects: digest", assessed.outcome.digest, digest),
    ];
  }

  #handle({ values, product, request, as_of, errors, decision }) {
    const applicant = this.#applicant(as_of);
    values.forEach((value, index) => {
      if (value === null) applicant.clear(index);
      else applicant.set(index, value);
    });
    applicant.request(product, request.term, request.amount);
    const verdict = applicant.assess();
    if (errors !== undefined) {
      if (verdict !== 0) return [`handle: verdict ${verdict}, native refuses`];
      return differences("handle: errors", canonical(applicant.errors()), canonical(errors));
    }
    if (verdict === 0) return [`handle: ${canonical(applicant.errors())}, native answers`];
    const native = JSON.parse(decision);
    return [
      ...differences("handle: verdict", String(verdict), String(VERDICTS[native.eligibility])),
      ...differences("handle: decision", canonical(applicant.decision()), decision),
      ...differences("handle: packed", packedText(applicant.packed()), packedText(this.#pack(native))),
    ];
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

function differences(what, wasm, native) {
  return wasm === native ? [] : [`${what}\n  native ${native}\n  wasm   ${wasm}`];
}

function packedText(numbers) {
  return Array.from(numbers).join(" ");
}
