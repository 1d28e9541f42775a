import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import init, { Policy } from "../../../pkg/index.mjs";
import initSealing, { attach, seal } from "../../../pkg/sealing.mjs";

const module = (name) => new URL(`../../../pkg/dist/${name}.wasm`, import.meta.url);
const served = (name) =>
  new Response(readFileSync(module(name)), { headers: { "content-type": "application/wasm" } });

// In this order: a module is loaded once for a process.

test("before init, every use says what is missing", () => {
  assert.throws(() => new Policy(new Uint8Array(8)), /prequal is not initialised: await its default export/);
  assert.throws(() => attach("a.b", new Uint8Array(64)), /prequal\/sealing is not initialised/);
});

test("a load that failed says why and may be tried again", async () => {
  const missing = Response.json({}, { status: 404 });
  await assert.rejects(init(missing), /answered 404/);
  await assert.rejects(init(new Uint8Array(8)), WebAssembly.CompileError);
});

test("init loads once, from bytes or a response", async () => {
  await Promise.all([init(served("estimate")), init()]);
  assert.throws(() => new Policy(new Uint8Array(8)), { code: "not_a_policy" });
});

test("sealing is loaded apart from the estimate", async () => {
  assert.throws(() => attach("a.b", new Uint8Array(64)), /not initialised/);
  await initSealing(served("sealing"));
  assert.match(attach("a.b", new Uint8Array(64)), /^a\.b\.A{86}$/);
  const refusing = { content: () => ({ status: "invalid", errors: [] }) };
  assert.deepEqual(seal(refusing, {}, {}, "", {}, {}), { status: "invalid", errors: [] });
});
