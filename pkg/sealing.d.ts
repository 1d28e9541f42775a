import type { EngineSource, Init, InitSync } from "./load.mjs";

export type { EngineSource };
export * from "./dist/sealing.js";

declare const init: Init;
export default init;
export declare const initSync: InitSync;
