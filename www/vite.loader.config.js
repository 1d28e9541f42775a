import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { browsers } from "./vite.config.js";

// The partner's loader: one module that imports nothing, so that a shop needs one tag and can pin
// it with SRI. `prequal.js` is what the service hands out, `element.js` the same for the package.
export default defineConfig({
  publicDir: false,
  build: {
    target: browsers,
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL("src/widget/element.ts", import.meta.url)),
      preserveEntrySignatures: "strict",
      output: ["prequal.js", "element.js"].map((entryFileNames) => ({ entryFileNames })),
    },
  },
});
