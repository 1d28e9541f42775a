// Ties the generated glue of a module to its instance. Until then every use of it says what is missing.

async function instantiate(source, imports) {
  if (source instanceof WebAssembly.Module) return WebAssembly.instantiate(source, imports);
  if (!(source instanceof Response)) return (await WebAssembly.instantiate(source, imports)).instance;
  if (!source.ok) throw new Error(`prequal cannot load its engine: ${source.url} answered ${source.status}`);
  // A server that sends another type than application/wasm costs the streaming, not the engine.
  if (source.headers.get("content-type")?.startsWith("application/wasm")) {
    return (await WebAssembly.instantiateStreaming(source, imports)).instance;
  }
  return (await WebAssembly.instantiate(await source.arrayBuffer(), imports)).instance;
}

/** The loader of a module. `entry` is what a program imports it by. */
export function loader(name, entry, glue) {
  const unloaded = new Proxy(
    {},
    {
      get() {
        throw new Error(`${entry} is not initialised: await its default export, init(), first`);
      },
    },
  );
  glue.__wbg_set_wasm(unloaded);
  const imports = { [`./${name}_bg.js`]: glue };
  let loaded = false;
  let loading;

  function use(instance) {
    if (loaded) return;
    glue.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    loaded = true;
  }

  async function load(source) {
    const given = await source;
    use(await instantiate(typeof given === "string" || given instanceof URL ? await fetch(given) : given, imports));
  }

  return {
    /** Loads it from an address, a response, bytes or a compiled module; once. */
    init(source) {
      loading ??= load(source).catch((error) => {
        loading = undefined; // so that a page that was offline can try again
        throw error;
      });
      return loading;
    },
    /** Loads it from bytes or from a compiled module, at once. Does nothing when it is loaded. */
    initSync(source) {
      if (loaded) return;
      const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
      use(new WebAssembly.Instance(module, imports));
    },
  };
}
