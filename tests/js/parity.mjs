// Reads cases as JSON lines on standard input and holds the shipped module against them, in Node.
// Usage: node tests/js/parity.mjs POLICY < CASES; prints {"cases", "mismatches", "shown"}.

import { readFileSync } from "node:fs";
import { argv, stdin, stdout } from "node:process";
import * as engine from "../../pkg/node.mjs";
import { Comparison } from "./lib/comparison.mjs";
import { batches } from "./lib/lines.mjs";

/** How many mismatches are told in full. */
const SHOWN = 5;

const comparison = new Comparison(engine, readFileSync(argv[2]));
const result = { cases: 0, mismatches: 0, shown: [] };
for await (const batch of batches(stdin)) {
  for (const expected of batch) {
    const found = comparison.check(expected);
    if (found.length > 0) {
      result.mismatches += 1;
      if (result.shown.length < SHOWN) result.shown.push(`case ${result.cases}: ${found.join("\n")}`);
    }
    result.cases += 1;
  }
}
stdout.write(`${JSON.stringify(result)}\n`);
