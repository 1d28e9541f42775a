/** Where a module may come from; by default from beside the package's own files. */
export type EngineSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

/**
 * Loads a module. Await it once before anything else; further calls wait for the same load. A load that failed may be
 * tried again. In Node it is ready as soon as it is imported, and this returns at once.
 */
export type Init = (source?: EngineSource | Promise<EngineSource>) => Promise<void>;

/** Loads a module at once, from bytes or from what was compiled elsewhere. */
export type InitSync = (source: ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module) => void;
