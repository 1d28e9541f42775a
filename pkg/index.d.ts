/// <reference lib="esnext.disposable" />

import type { EngineSource, Init, InitSync } from "./load.mjs";

export type { EngineSource };
export * from "./dist/estimate.js";

declare const init: Init;
export default init;
export declare const initSync: InitSync;
