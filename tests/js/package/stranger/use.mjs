import { readFileSync } from "node:fs";
import { argv } from "node:process";
import init, { Policy } from "prequal";

await init();
const policy = new Policy(readFileSync(argv[2]));
const { id, questions, products } = policy.describe();
if (questions.length === 0 || products.length === 0) throw new Error("a policy without questions or products");
const answer = policy.quote({ product: products[0].id, amount: products[0].minimum, term: products[0].terms[0] }, "2026-11-23");
if (answer.status !== "ok") throw new Error(JSON.stringify(answer));
console.log(JSON.stringify({ id, instalment: answer.quote.instalment }));
