// What seals and opens, for Node: read from beside this file and ready when the import is.

import { readFileSync } from "node:fs";
import * as glue from "./dist/sealing.js";
import { loader } from "./load.mjs";

export { attach, open, seal, sign } from "./dist/sealing.js";
export const { initSync } = loader("sealing", "prequal/sealing", glue);

initSync(readFileSync(new URL("./dist/sealing.wasm", import.meta.url)));

/** Nothing is left to do; here so that one program runs in browsers and in Node. */
export default async function init() {}
