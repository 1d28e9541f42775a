// What the browser tests share: the service, the browser, and a page that is watched.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

/** Seconds: what a machine that builds beside the tests needs, and more. */
const READY_WITHIN = 60;

const root = fileURLToPath(new URL("../../", import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The phone that the front end is made for. */
export const PHONE = { width: 360, height: 640 };

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const program = process.env.PREQUAL_BIN ?? path.join(root, "target/debug/prequal");

/** Compiles a policy of the tests' own. Returns the folder, for `service`. */
export async function compiled(name) {
  const folder = await mkdtemp(path.join(tmpdir(), "prequal-policies-"));
  const source = fileURLToPath(new URL(`policies/${name}`, import.meta.url));
  await promisify(execFile)(program, ["build", source, "--out", folder]);
  return folder;
}

/**
 * The lender's address and the shop's: those of `PREQUAL_URL` and `PREQUAL_SHOP_URL`, else of a
 * service started here on free ports with a data folder of its own. `stop` ends what was started. `policies`: a folder
 * of compiled ones in the place of the shipped ones; it goes with the service.
 */
export async function service({ policies } = {}) {
  const { PREQUAL_URL: lender, PREQUAL_SHOP_URL: shop } = process.env;
  if (lender && shop && !policies) return { lender, shop, stop: async () => {} };
  const [lenderPort, shopPort] = [await freePort(), await freePort()];
  const data = await mkdtemp(path.join(tmpdir(), "prequal-browser-"));
  const child = spawn(
    program,
    [
      "serve",
      ...["--site", path.join(root, "www/dist")],
      ...["--policies", policies ?? process.env.PREQUAL_POLICIES ?? path.join(root, "target/policies")],
      ...["--data", path.join(data, "store")],
      ...["--listen", `127.0.0.1:${lenderPort}`],
      ...["--shop", `127.0.0.1:${shopPort}`],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-4000)));
  let over = false;
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", (error) => {
      said += `${error.message}; \`cargo xtask build\` makes what is needed`;
      resolve();
    });
  }).then(() => (over = true));
  const started = {
    lender: `http://127.0.0.1:${lenderPort}`,
    shop: `http://127.0.0.1:${shopPort}`,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      for (const folder of [data, policies]) {
        if (folder) await rm(folder, { recursive: true, force: true });
      }
    },
  };
  for (let tries = 0; tries < 10 * READY_WITHIN; tries += 1) {
    if (over) throw new Error(`the service ended at its start: ${said}`);
    const ready = await fetch(`${started.lender}/readyz`).catch(() => undefined);
    if (ready?.ok) return started;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await started.stop();
  throw new Error(`the service was not ready within ${READY_WITHIN} s: ${said}`);
}

/** The system's Chromium, headless, with a fresh profile. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What the borrower's page may ask for, and nothing else. */
const ALLOWED = [
  /^GET \/(\?.*)?$/,
  /^GET \/frame\.html\?/,
  /^GET \/prequal\.js$/,
  /^GET \/(icon\.svg|site\.json)$/,
  /^GET \/assets\/[\w.-]+-[\w-]{8}\.(js|css|wasm)$/,
  /^GET \/v1\/policies$/,
  /^GET \/v1\/policies\/[a-z-]+\/[0-9a-f]{64}\.(policy|zh-CN\.json|en\.json)$/,
  /^POST \/v1\/(challenges|submissions)$/,
];

/** What the shop's own page asks its own origin for. */
const SHOP_ALLOWED = [/^GET \/$/, /^GET \/icon\.svg$/, /^GET \/shop\/fridge\.svg$/, /^GET \/assets\/[\w.-]+-[\w-]{8}\.(js|css)$/];

/**
 * A page at phone size whose every message, error, violation, request and layout shift is kept.
 * `expectClean()` fails on any that should not be; a test that provokes some names them in `tolerate`.
 */
export async function watchedPage(browser, { lender, shop }, options = {}) {
  // Far from the policy's time zone: the lender's day must not be the device's.
  const context = await browser.newContext({
    viewport: PHONE,
    reducedMotion: "reduce",
    timezoneId: "America/New_York",
    ...options,
  });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`csp: ${event.violatedDirective} ${event.blockedURI}`);
    });
    globalThis.layoutShifts = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) {
        if (shift.hadRecentInput) continue;
        // A date input's own parts change their width as it is filled in; nothing moves.
        const stays = ({ previousRect, currentRect }) =>
          previousRect.x === currentRect.x && previousRect.y === currentRect.y;
        if (shift.sources.every(stays)) continue;
        const moved = shift.sources.map(({ node, previousRect, currentRect }) => {
          const name = `${node?.nodeName} ${node?.className ?? ""}`;
          return `${name} ${previousRect.x},${previousRect.y} → ${currentRect.x},${currentRect.y}`;
        });
        globalThis.layoutShifts.push(`${shift.value}: ${moved.join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return {
    page,
    requests,
    /** The bodies that were posted to an address of the lender's, as bytes. */
    posted(address) {
      const posts = requests.filter((one) => one.method() === "POST" && new URL(one.url()).pathname === address);
      return posts.map((one) => one.postDataBuffer());
    },
    async expectClean({ tolerate = [], typed = false } = {}) {
      const rest = complaints.filter((text) => !tolerate.some((pattern) => pattern.test(text)));
      assert.deepEqual(rest, [], "the console is silent");
      for (const request of requests) {
        const { origin, pathname, search } = new URL(request.url());
        const asked = `${request.method()} ${pathname}${search}`;
        const list = origin === lender ? ALLOWED : origin === shop ? SHOP_ALLOWED : [];
        assert.ok(list.some((one) => one.test(asked)), `${origin} was asked: ${asked}`);
      }
      // Typed without keys, as tests do, an answer's error moves what is below it like anything else.
      if (typed) return;
      for (const frame of page.frames()) {
        const shifts = await frame.evaluate(() => globalThis.layoutShifts);
        assert.deepEqual(shifts, [], `nothing shifts in ${frame.url()}`);
      }
    },
    close: () => context.close(),
  };
}

/** What a whole page has and a part of somebody's page must not have. */
const PAGE_RULES = ["landmark-one-main", "page-has-heading-one"];

/**
 * Runs axe over a page or a frame: WCAG 2.2 A and AA, and its best practices. `part`: it is a part
 * of another page, without headings and landmarks of its own.
 */
export async function expectAccessible(frame, state, { part = false } = {}) {
  // Evaluated by the debugger: the page's own policy would refuse it as a script.
  await frame.evaluate(axe);
  const violations = await frame.evaluate(async (off) => {
    const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
    const found = await globalThis.axe.run(document, { iframes: false, rules });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  }, part ? PAGE_RULES : []);
  assert.deepEqual(violations, [], `axe finds nothing wrong: ${state}`);
}

/** Nothing is wider than the screen. */
export async function expectFits(frame, state) {
  const [content, screen] = await frame.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= screen, `${state}: ${content} px of content on ${screen} px`);
}

/** No visible box reaches past the screen, and nothing that hides its overflow has any. */
export async function expectNothingCut(frame, state) {
  const cut = await frame.evaluate(() => {
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    // Text for screen readers alone is cut on purpose, and a native control's inside is the browser's.
    const apart = "head, head *, .unseen, .lines thead, .lines thead *, input, select, option";
    const width = document.documentElement.clientWidth;
    return all(document)
      .filter((one) => !one.matches(apart) && one.checkVisibility())
      .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        const hides = getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
        return hides || left < -0.5 || right > width + 0.5;
      })
      .map((one) => `${one.tagName}.${one.getAttribute("class") ?? ""} ${one.scrollWidth}: ${one.textContent.trim().slice(0, 40)}`);
  });
  assert.deepEqual(cut, [], `nothing is cut off: ${state}`);
}

/** Every control is large enough for a thumb. */
export async function expectLargeTargets(frame, state) {
  const small = await frame.evaluate(() => {
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    return all(document)
      .filter((one) => one.matches("button, a, summary, select, input:not([type=radio])"))
      .filter((one) => one.checkVisibility())
      .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
      .filter(([, box]) => box.height < 44 || box.width < 44)
      .map(([html, box]) => `${box.width} × ${box.height}: ${html}`);
  });
  assert.deepEqual(small, [], `every target is at least 44 px: ${state}`);
}

/** Types or chooses answers by question, on the step that is shown. */
export async function answer(frame, answers) {
  for (const [question, value] of Object.entries(answers)) {
    const field = frame.locator(`[data-question="${question}"]`);
    if ((await field.locator("input[type=radio]").count()) > 0) {
      await field.locator(`label:has(input[value="${value}"])`).click();
    } else if ((await field.locator("select").count()) > 0) {
      await field.locator("select").selectOption(value);
    } else {
      await field.locator("input").fill(value);
      await field.locator("input").blur();
    }
  }
}

/** Presses the step's main button. */
export async function forward(frame) {
  await frame.locator("pq-flow button[type=submit]").click();
}

/** Goes from the first step to the estimate with these answers, a group at a time. */
export async function toEstimate(frame, groups) {
  await frame.locator("pq-flow h2").waitFor();
  await forward(frame);
  for (const answers of groups) {
    await answer(frame, answers);
    await forward(frame);
  }
  await frame.locator(".result").waitFor();
}

/** What opens and closes a panel under the estimate, by its element's name. */
export function opener(frame, element) {
  return frame.locator(`details:has(${element}) > summary`);
}

/** Opens the schedule and waits until it is there. */
export async function openSchedule(frame) {
  await opener(frame, "pq-schedule").click();
  await frame.locator("pq-schedule .plan tbody tr").first().waitFor();
}

/** Opens the cost statement and waits until it is there. */
export async function openStatement(frame) {
  await opener(frame, "pq-statement").click();
  await frame.locator("pq-statement .items tbody tr").first().waitFor();
}

/** The parts of a submission's token. */
export function decode(submission) {
  const [header, payload, signature] = submission.split(".");
  const json = (part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  return { header: json(header), payload: json(payload), signature: Buffer.from(signature, "base64url") };
}

/** A steady renter of the policy `instalment`, as three groups of answers. */
export const STEADY = [
  { birth: "1988-05-01", housing: "rent", address_months: "30", vehicle: "true" },
  { work: "employee", job_months: "50", income: "8350" },
  { household: "2500", debts: "600", repayment: "on_time" },
];
