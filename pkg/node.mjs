// The entry for Node: the engine is read from beside this file and is ready when the import is.

import { readFileSync } from "node:fs";
import { initSync } from "./load.mjs";

export { Applicant, Policy, attach, sign } from "./dist/engine.js";
export { initSync };

initSync(readFileSync(new URL("./dist/engine.wasm", import.meta.url)));

/** Nothing is left to do; here so that one program runs in browsers and in Node. */
export default async function init() {}
