import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The oldest browsers that the front end promises to run in.
export const browsers = ["chrome97", "firefox102", "safari16.4"];

// What several pieces that load apart have in common, in two files rather than one for each set of pieces that share
// something: fewer requests, and less to download. The price line needs the first alone.
const groups = [
  { name: "shared", test: /^\0|node_modules|src\/(format|texts\/(index|shell)|components\/icons)/ },
  { name: "controls", test: /src\/(site|components\/(slider|question|request|costs))/ },
  { name: "panel", test: /src\/(components\/(panel|schedule-table)|styles\/panel|texts\/panel)/ },
];

// The lender's pages and the demo shop. Nothing is inlined: the pages hold under
// `script-src 'self'; style-src 'self'; img-src 'self'`.
export default defineConfig({
  resolve: {
    alias: { "prequal/sealing": here("../pkg/sealing.mjs"), prequal: here("../pkg/index.mjs") },
  },
  build: {
    target: browsers,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        borrower: here("index.html"),
        frame: here("frame.html"),
        shop: here("shop.html"),
      },
      output: { codeSplitting: { groups } },
    },
  },
});
