/// <reference lib="esnext.disposable" />

export * from "./dist/engine.js";

/** Where the engine may come from; by default `dist/engine.wasm` beside the package's own files. */
export type EngineSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

/**
 * Loads the engine. Await it once before anything else; further calls wait for the same load. A load that failed may be
 * tried again. In Node the engine is ready as soon as the package is imported, and this returns at once.
 */
export default function init(source?: EngineSource | Promise<EngineSource>): Promise<void>;

/** Loads the engine at once, from bytes or from a module compiled elsewhere. */
export function initSync(source: ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module): void;
