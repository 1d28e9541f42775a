import { differences } from "./differences.mjs";

/**
 * Holds the module's schedules against those of the native engine. A case:
 *
 * - `policy`: compiled, in base64, where it is another one than before
 * - `terms`: what `Policy.schedule` takes
 * - `figures`: the canonical bytes of the rows and sums in a form; none where there is no schedule
 */
export class PlanComparison {
  #engine;
  #form;
  #policy;

  /** `form` is what the cases have of canonical bytes: all of them, or what a function makes of them. */
  constructor(engine, form = (text) => text) {
    this.#engine = engine;
    this.#form = form;
  }

  /** The differences and the terms that show them, none where native and wasm agree. */
  check({ policy, terms, figures }) {
    if (policy !== undefined) {
      this.#policy?.free();
      this.#policy = new this.#engine.Policy(Uint8Array.from(atob(policy), (letter) => letter.charCodeAt(0)));
    }
    const found = this.#differences(this.#policy.schedule(terms), figures);
    return found.length === 0 ? found : [...found, `  terms  ${JSON.stringify(terms)}`];
  }

  #differences({ status, error, ...found }, figures) {
    if (figures === undefined) {
      return status === "error" && error.code === "no_schedule" ? [] : [`schedule: ${status}, native has none`];
    }
    if (status !== "ok") return [`schedule: ${error.code}, native has one`];
    // The module gives members in canonical order.
    return differences("schedule", this.#form(JSON.stringify(found)), figures);
  }
}
