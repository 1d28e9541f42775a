// Questions asked only when they matter, optional pages, lists, measured quantities and lengths of time: a policy of the
// tests' own, in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  answer,
  browser,
  compiled,
  decode,
  expectAccessible,
  expectFits,
  expectLargeTargets,
  expectNothingCut,
  forward,
  service,
  watchedPage,
} from "./support.mjs";

let served;
let chrome;
before(async () => {
  served = await service({ policies: await compiled("questions") });
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await served?.stop();
});

async function open(locale, lang) {
  const watched = await watchedPage(chrome, served, { locale });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=questions&lang=${lang}`);
  await page.locator("pq-flow h2").waitFor();
  await forward(page);
  await page.locator('[data-question="trade"]').waitFor();
  return watched;
}

async function expectGood(page, state) {
  await expectFits(page, state);
  await expectNothingCut(page, state);
  await expectLargeTargets(page, state);
  await expectAccessible(page, state);
}

const shown = (page, question) => page.locator(`[data-question="${question}"]`).count();
const progress = (page) => page.locator(".progress p").innerText();
const period = async (page, years, months) => {
  const inputs = page.locator('[data-question="open_for"] input');
  await inputs.nth(0).fill(years);
  await inputs.nth(1).fill(months);
  await inputs.nth(1).blur();
};

/** Adds a pledge and fills it in. */
async function pledge(page, at, answers) {
  await page.locator(".add").click();
  const fields = Object.entries(answers).map(([field, value]) => [`pledges.${at}.${field}`, value]);
  await answer(page, Object.fromEntries(fields));
}

for (const lang of ["en", "zh-CN"]) {
  describe(`in ${lang}`, () => {
    test("every kind of question, a list and an optional page, to what is sent", async () => {
      const watched = await open(lang, lang);
      const { page } = watched;
      await answer(page, { trade: "shop" });
      await period(page, "2", "6");
      await answer(page, { staff: "3", income: "8000" });
      await expectGood(page, "conditional questions");
      await forward(page);

      await page.locator('[data-question="pledges"]').waitFor();
      await expectGood(page, "an empty list");
      await pledge(page, 1, { kind: "home", value: "500000", lent_against: "100000" });
      await expectGood(page, "an entry open");
      await page.locator('[data-entry="0"] > .secondary').click();
      await pledge(page, 2, { kind: "car", value: "80000" });
      await page.locator('[data-entry="1"] > .secondary').click();
      await expectGood(page, "two entries");
      await forward(page);

      await page.locator(".result").waitFor();
      await expectGood(page, "an invitation");
      await page.locator('[aria-labelledby="open-statement"] button').click();
      await page.locator('[data-question="inflow"]').waitFor();
      await expectGood(page, "an optional page");
      await answer(page, { inflow: "9000" });
      await forward(page);
      await page.locator(".result").waitFor();
      assert.equal(await page.locator('[aria-labelledby="open-statement"]').count(), 0);

      await forward(page);
      await page.locator(".sent").waitFor();
      await expectGood(page, "what is sent");
      await forward(page);
      await page.locator(".reference").waitFor();
      const [body] = watched.posted("/v1/submissions");
      const { payload } = decode(JSON.parse(body).submission);
      assert.deepEqual(payload.summary.features, {
        free: 480_000_00,
        income: 9_000_00,
        land: "missing",
        open_for: 24,
        staff: 0,
      });
      await watched.expectClean({ typed: true });
      await watched.close();
    });

    test("measured quantities", async () => {
      const watched = await open(lang, lang);
      const { page } = watched;
      await answer(page, { trade: "farm", income: "3000" });
      await forward(page);
      const land = page.locator('[data-question="land"]');
      assert.equal(await land.locator("input").getAttribute("inputmode"), "decimal");
      await answer(page, { land: "3.1234567" });
      assert.match(await land.locator(".error").innerText(), /3\.75/);
      await expectGood(page, "too many decimals");
      await answer(page, { land: "3.75" });
      assert.equal(await land.locator(".error").count(), 0);
      await forward(page);
      await page.locator('[data-question="pledges"]').waitFor();
      await watched.close();
    });
  });
}

test("what is asked follows the answers, and answers stay", async () => {
  const watched = await open("en", "en");
  const { page } = watched;
  assert.equal(await shown(page, "open_for"), 0);
  assert.equal(await progress(page), "Step 2 of 5");
  await answer(page, { trade: "shop" });
  assert.equal(await shown(page, "open_for"), 1);
  assert.equal(await shown(page, "staff"), 0);
  await period(page, "1", "");
  assert.equal(await shown(page, "staff"), 1);
  await answer(page, { staff: "7" });
  await answer(page, { trade: "farm" });
  assert.equal(await shown(page, "staff"), 0);
  assert.equal(await progress(page), "Step 2 of 6");
  await answer(page, { trade: "shop" });
  assert.equal(await page.locator('[data-question="staff"] input').inputValue(), "7");
  assert.equal(await page.locator('[data-question="open_for"] input').first().inputValue(), "1");
  await watched.close();
});

test("a length of time has its error by its fields", async () => {
  const watched = await open("en", "en");
  const { page } = watched;
  await answer(page, { trade: "shop" });
  await period(page, "21", "");
  const field = page.locator('[data-question="open_for"]');
  assert.match(await field.locator(".error").innerText(), /at most 20 years/);
  await period(page, "one", "");
  assert.match(await field.locator(".error").innerText(), /whole number/);
  await expectGood(page, "a wrong length of time");
  for (const input of await field.locator("input").all()) {
    assert.equal(await input.getAttribute("inputmode"), "numeric");
    assert.equal(await input.getAttribute("aria-invalid"), "true");
  }
  await watched.close();
});

test("entries are added up to the stated number, changed and removed; the focus goes along", async () => {
  const watched = await open("en", "en");
  const { page } = watched;
  await answer(page, { trade: "wage", income: "3000" });
  await forward(page);
  await page.locator(".add").click();
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement;
      while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at.getAttribute("name") ?? at.className;
    });
  assert.equal(await focused(), "q-pledges.1.kind");
  await forward(page);
  assert.equal(await page.locator('[data-question="pledges.1.value"] .error').count(), 1, "what is open stands in the way");
  await answer(page, { "pledges.1.kind": "car", "pledges.1.value": "10000" });
  await pledge(page, 2, { kind: "home", value: "20000", lent_against: "5000" });
  await pledge(page, 3, { kind: "car", value: "30000" });
  assert.equal(await page.locator(".add").count(), 0, "three are the most");
  assert.match(await page.locator('[data-entry="1"]').innerText(), /Pledge 2\s+A home · ¥20,000 · ¥5,000/);

  await page.locator('[data-entry="0"] button', { hasText: "Remove" }).click();
  assert.match(await focused(), /add/);
  assert.match(await page.locator('[data-entry="0"]').innerText(), /Pledge 1\s+A home · ¥20,000 · ¥5,000/);
  assert.match(await page.locator('[data-entry="1"]').innerText(), /Pledge 2\s+A car · ¥30,000/);
  assert.equal(await page.locator("[data-entry]").count(), 2);

  await page.getByRole("button", { name: "Change: Pledge 2" }).click();
  assert.equal(await focused(), "q-pledges.2.kind");
  await answer(page, { "pledges.2.value": "40000" });
  await page.locator('[data-entry="1"] > .secondary').click();
  assert.match(await page.locator('[data-entry="1"]').innerText(), /¥40,000/);
  await forward(page);
  await page.locator(".result").waitFor();
  await watched.close();
});

test("an optional page may be left out again", async () => {
  const watched = await open("en", "en");
  const { page } = watched;
  await answer(page, { trade: "wage", income: "3000" });
  await forward(page);
  await forward(page);
  await page.locator(".result").waitFor();
  await page.getByRole("button", { name: "Answer these too" }).click();
  await page.getByRole("button", { name: "Leave this page out" }).click();
  await page.locator(".result").waitFor();
  assert.equal(await page.getByRole("button", { name: "Answer these too" }).count(), 1);
  await watched.close();
});
