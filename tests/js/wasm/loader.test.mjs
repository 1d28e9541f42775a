import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import init, { Policy, attach } from "../../../pkg/index.mjs";

const wasm = new URL("../../../pkg/dist/engine.wasm", import.meta.url);

// In this order: a module is loaded once for a process.

test("before init, every use says what is missing", () => {
  assert.throws(() => new Policy(new Uint8Array(8)), /not initialised: await its default export/);
  assert.throws(() => attach("a.b", new Uint8Array(64)), /not initialised/);
});

test("a load that failed says why and may be tried again", async () => {
  const missing = Response.json({}, { status: 404 });
  await assert.rejects(init(missing), /answered 404/);
  await assert.rejects(init(new Uint8Array(8)), WebAssembly.CompileError);
});

test("init loads once, from bytes or a response", async () => {
  const response = new Response(readFileSync(wasm), { headers: { "content-type": "application/wasm" } });
  await Promise.all([init(response), init()]);
  assert.throws(() => new Policy(new Uint8Array(8)), { code: "not_a_policy" });
});
