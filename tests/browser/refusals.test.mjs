// What cannot be shown or sent is said in words, with a way on; never a wrong figure.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answer, browser, expectAccessible, forward, service, STEADY, toEstimate, watchedPage } from "./support.mjs";

let served;
let chrome;
before(async () => {
  served = await service();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await served?.stop();
});

/** A page with the estimate's list of what is sent, ready to submit. */
async function readyToSend(options = {}, prepare = async () => {}) {
  const watched = await watchedPage(chrome, served, { locale: "en", ...options });
  await prepare(watched.page);
  await watched.page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(watched.page, STEADY);
  await forward(watched.page);
  await watched.page.locator(".sent").waitFor();
  return watched;
}

/** The tests provoke failing requests, which the browser itself reports. */
const FAILED_LOAD = /Failed to load resource/;

describe("an engine that does not run", () => {
  const cases = {
    "without WebAssembly": async (page) => {
      await page.addInitScript(() => delete globalThis.WebAssembly);
    },
    "with WebAssembly forbidden": async (page) => {
      await page.route(`${served.lender}/?policy=instalment`, async (route) => {
        const response = await route.fetch();
        const headers = response.headers();
        headers["content-security-policy"] = headers["content-security-policy"].replace("'wasm-unsafe-eval'", "");
        await route.fulfill({ response, headers });
      });
    },
  };
  for (const [name, prepare] of Object.entries(cases)) {
    test(`${name}: says so, shows no figure, offers a person`, async () => {
      const watched = await watchedPage(chrome, served, { locale: "en" });
      const { page } = watched;
      await prepare(page);
      await page.goto(`${served.lender}/?policy=instalment`);
      await page.getByText("cannot run the estimate").waitFor();
      assert.doesNotMatch(await page.locator("main").innerText(), /\d/);
      await page.getByRole("button", { name: "Ask a person" }).click();
      await page.locator("dialog.person a[href^='tel:']").waitFor();
      await expectAccessible(page, name);
      await watched.expectClean({ tolerate: [/csp: script-src wasm-eval/, /WebAssembly/] });
      await watched.close();
    });
  }

  test("that does not arrive: says so, and can be asked for again", async () => {
    const watched = await watchedPage(chrome, served, { locale: "en" });
    const { page } = watched;
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto(`${served.lender}/?policy=instalment`);
    await page.getByText("The network did not answer").waitFor();
    await page.unroute("**/*.wasm");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("pq-flow h2").waitFor();
    await watched.expectClean({ tolerate: [FAILED_LOAD] });
    await watched.close();
  });
});

test("screens that do not arrive while the questions are answered are asked for again", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.route("**/assets/outcome-*.js", (route) => route.abort());
  await page.goto(`${served.lender}/?policy=instalment`);
  await page.locator("pq-flow h2").waitFor();
  await forward(page);
  for (const group of STEADY) {
    await answer(page, group);
    await forward(page);
  }
  await page.getByText("The network did not answer").waitFor();
  assert.ok(await page.locator("pq-flow button[type=submit]").isDisabled());
  await expectAccessible(page, "the result has not arrived");
  await page.unroute("**/assets/outcome-*.js");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator('.result[data-result="eligible"]').waitFor();
  await watched.expectClean({ tolerate: [FAILED_LOAD] });
  await watched.close();
});

test("without crypto.subtle the estimate works and nothing is sent", async () => {
  const watched = await readyToSend({}, (page) =>
    page.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined })),
  );
  const { page } = watched;
  await forward(page);
  await page.getByText("opened in an insecure way").waitFor();
  assert.ok(await page.locator("pq-flow button[type=submit]").isDisabled());
  assert.equal(watched.requests.filter((one) => one.method() === "POST").length, 0);
  await expectAccessible(page, "no crypto");
  await watched.expectClean();
  await watched.close();
});

test("every rejection has its own words in both languages", async () => {
  const codes = {
    payload_too_large: false, malformed: false, unsupported_version: true, engine_outdated: true,
    bad_challenge: true, challenge_expired: true, partner_mismatch: false, request_mismatch: false,
    date_mismatch: true, bad_signature: false, unknown_policy: true, policy_superseded: true,
    summary_invalid: false, outcome_mismatch: false, replayed: true, rate_limited: true,
    unavailable: true, unknown_partner: false, internal: true, request_timeout: true,
  };
  for (const locale of ["zh-CN", "en"]) {
    const watched = await readyToSend({ locale });
    const { page } = watched;
    const seen = new Map();
    for (const [code, retry] of Object.entries(codes)) {
      await page.route("**/v1/submissions", (route) =>
        route.fulfill({ status: 422, json: { error: { code, retry, message: "" } } }),
      );
      await forward(page);
      const notice = page.locator(".notice.bad");
      await notice.waitFor();
      assert.equal(await page.locator("pq-flow button[type=submit]").isEnabled(), retry, code);
      seen.set(code, (await notice.innerText()).trim());
      await page.unroute("**/v1/submissions");
      await page.locator("pq-flow button.secondary").click();
      await forward(page);
    }
    // A page that is out of date is one matter with two codes.
    const told = new Set(seen.values());
    assert.equal(told.size, Object.keys(codes).length - 1, locale);
    assert.equal(seen.get("unsupported_version"), seen.get("engine_outdated"));
    await watched.expectClean({ tolerate: [FAILED_LOAD] });
    await watched.close();
  }
});

test("an answer that was lost is asked for again with the same bytes, and counts once", async () => {
  const watched = await readyToSend();
  const { page } = watched;
  await page.route("**/v1/submissions", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await forward(page);
  await page.getByText("The network did not answer").waitFor();
  await page.unroute("**/v1/submissions");
  const answered = page.waitForResponse("**/v1/submissions");
  await forward(page);
  assert.equal((await (await answered).json()).duplicate, true);
  await page.locator(".reference").waitFor();
  const [first, second] = watched.posted("/v1/submissions").map(String);
  assert.equal(first, second);
  assert.equal(watched.posted("/v1/challenges").length, 1);
  await watched.expectClean({ tolerate: [FAILED_LOAD] });
  await watched.close();
});

test("another day by the lender's clock: shows what changed and asks again before anything is sent", async () => {
  const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000);
  const watched = await readyToSend({}, (page) => page.clock.setSystemTime(threeDaysAgo));
  const { page } = watched;
  await forward(page);
  await page.getByText("The result has changed").waitFor();
  assert.equal(watched.posted("/v1/submissions").length, 0);
  assert.equal(await page.locator(".notice tbody tr").count(), 1, "the date alone");
  await expectAccessible(page, "changed");
  await forward(page);
  await page.locator(".reference").waitFor();
  await watched.expectClean();
  await watched.close();
});
