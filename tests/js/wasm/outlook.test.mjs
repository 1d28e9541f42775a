// The handle while a form is being filled in: what is certain, and what optional pages can bring.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as engine from "../../../pkg/node.mjs";
import { policies } from "./cases.mjs";

const DAY = 24 * 60 * 60 * 1000;
const AS_OF = "2026-11-22";

/** The short path of a corner shop. */
const SHOP = {
  birth: Date.parse("1984-11-03") / DAY,
  region: "east",
  housing: "own",
  trade: "grocery",
  in_trade: 75,
  turnover: 62_000_00,
  margin: 180_000,
  costs: 3_600_00,
  other_income: 0,
  household: 2_500_00,
  debts: 500_00,
  repayment: "on_time",
};

/** Someone at the form of a policy, answering by name. */
class Form {
  constructor(name) {
    this.policy = new engine.Policy(readFileSync(new URL(`${name}.policy`, policies)));
    this.view = this.policy.describe();
    this.applicant = new engine.Applicant(this.policy, AS_OF);
  }

  answer(answers) {
    for (const [id, answer] of Object.entries(answers)) {
      const { index, options } = this.view.questions.find((question) => question.id === id);
      this.applicant.set(index, typeof answer === "string" ? options.indexOf(answer) : answer);
    }
  }

  page(id) {
    return this.view.groups.findIndex((group) => group.id === id);
  }

  /** The headline limit; 0 where there is none. */
  limit() {
    assert.notEqual(this.applicant.assess(), 0, "everything is answered");
    return Math.max(this.applicant.packed()[0], 0);
  }
}

test("the outlook narrows to the limit while the questions are answered", () => {
  const form = new Form("merchant");
  let before = form.applicant.outlook();
  assert.deepEqual(before.certain, []);
  assert.ok(before.least < before.most);
  for (const [id, answer] of Object.entries(SHOP)) {
    form.answer({ [id]: answer });
    const after = form.applicant.outlook();
    assert.ok(before.least <= after.least && after.most <= before.most, id);
    before = after;
  }
  const limit = form.limit();
  assert.ok(before.least <= limit && limit <= before.most);
});

test("a knock-out is told as soon as it is certain", () => {
  const form = new Form("merchant");
  form.answer({ birth: Date.parse("2010-01-01") / DAY });
  const { certain, most } = form.applicant.outlook();
  assert.equal(certain.length, 1);
  assert.equal(most, 0);
});

test("an optional page brings no more than was said before it was opened", () => {
  const form = new Form("merchant");
  form.answer(SHOP);
  // Enough for every product to be looked at.
  form.applicant.request(0, 12, 100_000_00);
  const before = form.limit();
  const shelf = form.applicant.prospect(form.page("shelf"));
  assert.equal(shelf, before, "what sells most earns points, which are not what binds");
  const most = form.applicant.prospect(form.page("security"));
  assert.ok(most > before, "a pledge can raise the limit");
  form.answer({ security: 1, pledges: 1, "pledges.1.kind": "home", "pledges.1.value": 900_000_00 });
  for (const { id, index, kind } of form.view.questions.filter(({ id }) => id.startsWith("pledges.1."))) {
    if (!form.applicant.asked()[index] || ["kind", "value"].includes(id.split(".").at(-1))) continue;
    form.applicant.set(index, kind === "money" ? 0 : form.view.questions[index].minimum);
  }
  const after = form.limit();
  assert.ok(before < after && after <= most, `${before} < ${after} <= ${most}`);
});

test("what cannot be said is not said", () => {
  const form = new Form("merchant");
  form.answer(SHOP);
  assert.equal(form.applicant.prospect(form.page("about")), -1, "a page that is not optional");
  assert.equal(form.applicant.prospect(form.view.groups.length), -1, "a page that is not there");
  form.applicant.request(form.view.products.length, 12, 1_000_00);
  assert.equal(form.applicant.outlook(), undefined, "a product that is not there");
  assert.equal(new Form("early-warning").applicant.outlook(), undefined, "an early warning has no limit");
});
