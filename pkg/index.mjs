// The entry for browsers and bundlers: the engine is fetched when `init` is called, from beside this file.

import * as glue from "./dist/estimate.js";
import { loader } from "./load.mjs";

const engine = loader("estimate", "prequal", glue);

export { Applicant, Policy } from "./dist/estimate.js";
export const { initSync } = engine;

export default function init(source) {
  return engine.init(source ?? new URL("./dist/estimate.wasm", import.meta.url));
}
