// The entry for browsers and bundlers: the engine is fetched when `init` is called, from beside this file.

import { load } from "./load.mjs";

export { Applicant, Policy, attach, sign } from "./dist/engine.js";
export { initSync } from "./load.mjs";

let loading;

export default function init(source) {
  loading ??= load(source ?? new URL("./dist/engine.wasm", import.meta.url)).catch((error) => {
    loading = undefined; // so that a page that was offline can try again
    throw error;
  });
  return loading;
}
