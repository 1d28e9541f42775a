// What seals and opens, for browsers and bundlers: fetched when `init` is called, from beside this file.

import * as glue from "./dist/sealing.js";
import { loader } from "./load.mjs";

const engine = loader("sealing", "prequal/sealing", glue);

export { attach, open, seal, sign } from "./dist/sealing.js";
export const { initSync } = engine;

export default function init(source) {
  return engine.init(source ?? new URL("./dist/sealing.wasm", import.meta.url));
}
