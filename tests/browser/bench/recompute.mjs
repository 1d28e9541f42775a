// Times what the page takes to follow a key and a slider, on a processor slowed down to a phone's.
// Usage: node tests/browser/bench/recompute.mjs; fails where the median is above a frame.
//
// A time begins when the page hears of the input and ends when the new figures are laid out: recomputing by the engine,
// rendering, style and layout. `task` is all that the page's thread did for it, painting and the browser's own part with it.

import { loadavg } from "node:os";
import { exit, stdout } from "node:process";
import { answer, browser, forward, openSchedule, PHONE, service, STEADY } from "../support.mjs";

const SLOWDOWN = 4;
/** A frame at 60 Hz, in milliseconds. */
const FRAME = 16;
/** Inputs of a kind, after some that warm the page up. */
const TIMES = 100;
const WARM = 20;
/** Milliseconds between inputs, so that each has a frame of its own. */
const PAUSE = 40;

/** Notes from now on how long the page takes after each input. */
function watch() {
  globalThis.took = [];
  let heard;
  addEventListener("input", () => (heard = performance.now()), { capture: true });
  // The page's own listeners stand between, and all that they put off to microtasks is done when this one is called.
  addEventListener("input", () => {
    document.documentElement.getBoundingClientRect();
    globalThis.took.push(performance.now() - heard);
  });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const cell = (text) => String(text).padStart(9);

const served = await service();
const chrome = await browser();
let slow = false;
try {
  const context = await chrome.newContext({ viewport: PHONE, locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(`${served.lender}/?policy=instalment`);
  await page.locator("pq-flow h2").waitFor();
  await page.evaluate(watch);
  const debug = await context.newCDPSession(page);
  await debug.send("Performance.enable");
  await debug.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });

  const busy = async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };

  /** Presses keys in turn at a field, from one end of a slider. */
  async function time(what, field, keys) {
    await page.locator(field).press("Home");
    const press = async (times) => {
      for (let index = 0; index < times; index += 1) {
        await page.keyboard.press(keys[index % keys.length]);
        await page.waitForTimeout(PAUSE);
      }
    };
    await press(WARM);
    await page.evaluate(() => (globalThis.took.length = 0));
    const before = await busy();
    await press(TIMES);
    const task = ((await busy()) - before) / TIMES;
    const took = await page.evaluate(() => globalThis.took);
    if (took.length < TIMES) throw new Error(`${what}: ${took.length} inputs of ${TIMES}`);
    took.sort((a, b) => a - b);
    const [median, high, most] = [at(took, 0.5), at(took, 0.95), took.at(-1)];
    slow ||= median > FRAME;
    const figures = [median, high, most, task].map((time) => cell(time.toFixed(1)));
    stdout.write(`${what.padEnd(34)}${figures.join("")}\n`);
  }

  stdout.write(`Chromium ${chrome.version()}, the page at ${SLOWDOWN}× slowdown, ms from an input to its layout, ${TIMES} inputs each; `);
  stdout.write(`load ${loadavg()[0].toFixed(1)}\n`);
  stdout.write(`${"".padEnd(34)}${["median", "p95", "most", "task"].map(cell).join("")}\n`);
  const digits = ["Backspace", "5", "Backspace", "7"];
  await time("amount slider, before questions", "#s-amount", ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"]);
  await forward(page);
  for (const answers of STEADY.slice(0, -1)) {
    await answer(page, answers);
    await forward(page);
  }
  await answer(page, STEADY.at(-1));
  await time("a key in an answer", '[data-question="household"] input', digits);
  await answer(page, STEADY.at(-1));
  await forward(page);
  await page.locator(".result").waitFor();
  const sliders = async (schedule) => {
    await time(`amount slider, schedule ${schedule}`, "#s-amount", ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"]);
    await time(`term slider, schedule ${schedule}`, "#s-term", ["ArrowRight", "ArrowLeft"]);
  };
  await sliders("closed");
  await openSchedule(page);
  await sliders("open");
  await time("instalment slider, schedule open", "#s-row", ["ArrowRight", "ArrowLeft"]);
  // An extra payment comes with an instalment before the last.
  await page.locator("#s-row").press("Home");
  await time("extra payment, schedule open", "#s-extra", ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"]);
  stdout.write(`load ${loadavg()[0].toFixed(1)} at the end\n`);
} finally {
  await chrome.close();
  await served.stop();
}
if (slow) {
  stdout.write(`a median is above ${FRAME} ms\n`);
  exit(1);
}
