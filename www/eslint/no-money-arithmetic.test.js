import { after, describe, it } from "node:test";
import { RuleTester } from "eslint";
import rule from "./no-money-arithmetic.js";

Object.assign(RuleTester, { describe, it, afterAll: after });

new RuleTester().run("no-money-arithmetic", rule, {
  valid: [
    "const half = term / 2;",
    "if (offer.amount < request.amount) show(offer.amount);",
    "const wide = rows.length - 1;",
    "const text = `${offer.amount}`;",
    "const rate = simple_rate * 100;",
  ],
  invalid: [
    "const sum = offer.instalment * offer.term;",
    "const sum = 12 * lastInstalment;",
    "total += fee;",
    "amount++;",
    'const rest = request["amount"] - limit;',
    "const yuan = row.balance / 100;",
    "const yuan = Number(offer.amount) / 100;",
    "const least = Math.min(price, 5);",
    "const debt = -offer.total + 1;",
    "const debt = offer?.limit - 1;",
  ].map((code) => ({ code, errors: [{ messageId: "money" }] })),
});
