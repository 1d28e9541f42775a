// The entry for Node: the engine is read from beside this file and is ready when the import is.

import { readFileSync } from "node:fs";
import * as glue from "./dist/estimate.js";
import { loader } from "./load.mjs";

export { Applicant, Policy } from "./dist/estimate.js";
export const { initSync } = loader("estimate", "prequal", glue);

initSync(readFileSync(new URL("./dist/estimate.wasm", import.meta.url)));

/** Nothing is left to do; here so that one program runs in browsers and in Node. */
export default async function init() {}
