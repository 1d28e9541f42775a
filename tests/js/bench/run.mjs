// Times one assessment of each policy in Chromium. Usage: node tests/js/bench/run.mjs

import { env, stdout } from "node:process";
import { pathToFileURL } from "node:url";
import { launch } from "../lib/chromium.mjs";
import { serve } from "../lib/server.mjs";

const NAMES = ["instalment", "twelve-offers", "german-credit"];

const server = await serve({
  pkg: new URL("../../../pkg/", import.meta.url),
  bench: new URL("./", import.meta.url),
  policies: pathToFileURL(`${env.PREQUAL_POLICIES ?? "target/policies"}/`),
  made: pathToFileURL(`${env.PREQUAL_MADE ?? "target/xtask/made"}/`),
});
const browser = await launch();
try {
  stdout.write(`Chromium ${browser.version()}, one assessment, µs, median of rounds taken in turns\n`);
  stdout.write(`${"policy".padEnd(16)}${["offers", "objects", "handle", "by hand"].map((title) => title.padStart(10)).join("")}\n`);
  for (const name of NAMES) {
    const page = await browser.newPage();
    await page.goto(server.origin);
    const { offers, ...times } = await page.evaluate(async (policy) => {
      const { bench } = await import("/bench/page.mjs");
      return bench(policy);
    }, name);
    const columns = [String(offers), ...["objects", "handle", "byHand"].map((way) => times[way]?.toFixed(1) ?? "–")];
    stdout.write(`${name.padEnd(16)}${columns.map((column) => column.padStart(10)).join("")}\n`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
