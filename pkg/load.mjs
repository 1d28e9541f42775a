// Ties the generated glue to an instance of the module. Until then every use of the engine says what is missing.

import * as glue from "./dist/engine.js";

const unloaded = new Proxy(
  {},
  {
    get() {
      throw new Error("prequal is not initialised: await its default export, init(), first");
    },
  },
);
glue.__wbg_set_wasm(unloaded);

let loaded = false;

/** What the module imports. */
const imports = { "./prequal_bg.js": glue };

function use(instance) {
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  loaded = true;
}

/** Loads the engine from bytes or from a compiled module, at once. Does nothing when it is loaded. */
export function initSync(source) {
  if (loaded) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  use(new WebAssembly.Instance(module, imports));
}

async function instantiate(source) {
  if (source instanceof WebAssembly.Module) return WebAssembly.instantiate(source, imports);
  if (!(source instanceof Response)) return (await WebAssembly.instantiate(source, imports)).instance;
  if (!source.ok) throw new Error(`prequal cannot load its engine: ${source.url} answered ${source.status}`);
  // A server that sends another type than application/wasm costs the streaming, not the engine.
  if (source.headers.get("content-type")?.startsWith("application/wasm")) {
    return (await WebAssembly.instantiateStreaming(source, imports)).instance;
  }
  return (await WebAssembly.instantiate(await source.arrayBuffer(), imports)).instance;
}

/** Loads the engine from an address, a response, bytes or a compiled module. Does nothing when it is loaded. */
export async function load(source) {
  const given = await source;
  const instance = await instantiate(typeof given === "string" || given instanceof URL ? await fetch(given) : given);
  if (!loaded) use(instance);
}
