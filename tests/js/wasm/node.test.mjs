import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as engine from "../../../pkg/node.mjs";
import { Comparison } from "../lib/comparison.mjs";
import { PlanComparison } from "../lib/plan-comparison.mjs";
import { cases, names, policies, read } from "./cases.mjs";

test("there are policies to compare", () => {
  assert.ok(names.length > 0, `no cases in ${cases}`);
});

for (const name of names) {
  test(`${name}: every case gives the native outcome in Node`, () => {
    const comparison = new Comparison(engine, readFileSync(new URL(`${name}.policy`, policies)));
    const all = read(name);
    const differences = all.flatMap((expected) => comparison.check(expected));
    assert.deepEqual(differences.slice(0, 5), []);
    assert.ok(all.length > 0);
  });

  test(`${name}: a flipped bit is noticed`, () => {
    const comparison = new Comparison(engine, readFileSync(new URL(`${name}.policy`, policies)));
    const decided = read(name).find((expected) => expected.decision !== undefined);
    const last = Number.parseInt(decided.digest.at(-1), 16) ^ 1;
    const flipped = { ...decided, digest: decided.digest.slice(0, -1) + last.toString(16) };
    assert.equal(comparison.check(flipped).length, 2, "both ways across the boundary");
  });

  test(`${name}: cut off or altered bytes are refused with a code`, () => {
    const bytes = readFileSync(new URL(`${name}.policy`, policies));
    for (const [wrong, code] of [
      [bytes.subarray(0, bytes.length - 1), "policy_malformed"],
      [bytes.subarray(0, 0), "not_a_policy"],
      [Buffer.concat([bytes.subarray(0, 4), Buffer.of(255), bytes.subarray(5)]), "unsupported_format"],
    ]) {
      assert.throws(() => new engine.Policy(wrong), { code });
    }
  });
}

test("plans: a flipped bit is noticed, with the terms that show it", () => {
  const comparison = new PlanComparison(engine);
  const planned = read("plans/random").find(({ figures }) => figures !== undefined);
  assert.deepEqual(comparison.check(planned), []);
  const flipped = { ...planned, figures: planned.figures.replace(/\d(?=\D*$)/, (digit) => `${Number(digit) ^ 1}`) };
  assert.match(comparison.check(flipped).join("\n"), /^schedule, from character \d+[^]*terms  \{"product":/);
  const { figures: _, ...refused } = planned;
  assert.match(comparison.check(refused).join("\n"), /^schedule: ok, native has none/);
});
