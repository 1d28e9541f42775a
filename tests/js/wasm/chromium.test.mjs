import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/chromium.mjs";
import { serve } from "../lib/server.mjs";
import { cases, names, policies } from "./cases.mjs";

let server;
let browser;
let page;

before(async () => {
  server = await serve({
    pkg: new URL("../../../pkg/", import.meta.url),
    lib: new URL("../lib/", import.meta.url),
    policies,
    cases,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.origin);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

for (const name of names) {
  test(`${name}: every case gives the native outcome in Chromium`, async () => {
    const { count, differences } = await page.evaluate(async (policy) => {
      const engine = await import("/pkg/index.mjs");
      const { Comparison } = await import("/lib/comparison.mjs");
      await engine.default();
      const bytes = new Uint8Array(await (await fetch(`/policies/${policy}.policy`)).arrayBuffer());
      const lines = (await (await fetch(`/cases/${policy}.jsonl`)).text()).trim().split("\n");
      const comparison = new Comparison(engine, bytes);
      const found = lines.flatMap((line) => comparison.check(JSON.parse(line)));
      return { count: lines.length, differences: found.slice(0, 5) };
    }, name);
    assert.deepEqual(differences, []);
    assert.ok(count > 0);
  });
}

test("random plans have the native figures in Chromium", async () => {
  const { count, differences } = await page.evaluate(async () => {
    const engine = await import("/pkg/index.mjs");
    const { PlanComparison } = await import("/lib/plan-comparison.mjs");
    await engine.default();
    const lines = (await (await fetch("/cases/plans/random.jsonl")).text()).trim().split("\n");
    const comparison = new PlanComparison(engine);
    const found = lines.flatMap((line) => comparison.check(JSON.parse(line)));
    return { count: lines.length, differences: found.slice(0, 5) };
  });
  assert.deepEqual(differences, []);
  assert.ok(count > 0);
});
