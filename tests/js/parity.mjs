// Reads cases as JSON lines on standard input and holds the shipped module against them, in Node.
// Usage: node tests/js/parity.mjs FORM [POLICY] < CASES: decisions by a compiled policy, or plans where none is named. The
// cases have canonical bytes as `text` or by their `digest`.
// Prints {"cases", "mismatches": the numbers of cases, "shown": the first of them in full}.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { argv, stdin, stdout } from "node:process";
import * as engine from "../../pkg/node.mjs";
import { Comparison } from "./lib/comparison.mjs";
import { batches } from "./lib/lines.mjs";
import { PlanComparison } from "./lib/plan-comparison.mjs";

/** How many mismatches are told in full. */
const SHOWN = 5;

const FORMS = {
  text: (text) => text,
  digest: (text) => createHash("sha256").update(text).digest("hex"),
};

const [form, policy] = [FORMS[argv[2]], argv[3]];
const comparison = policy ? new Comparison(engine, readFileSync(policy), form) : new PlanComparison(engine, form);
const result = { cases: 0, mismatches: [], shown: [] };
for await (const batch of batches(stdin)) {
  for (const expected of batch) {
    const found = comparison.check(expected);
    if (found.length > 0) {
      result.mismatches.push(result.cases);
      if (result.shown.length < SHOWN) result.shown.push(found.join("\n"));
    }
    result.cases += 1;
  }
}
stdout.write(`${JSON.stringify(result)}\n`);
