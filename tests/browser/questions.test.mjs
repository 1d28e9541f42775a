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

async function open(lang = "en") {
  const watched = await watchedPage(chrome, served, { locale: lang });
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

/** Opens the flow and answers its first page, which it leaves. */
async function answered(answers) {
  const watched = await open();
  await answer(watched.page, answers);
  await forward(watched.page);
  return watched;
}

/** On the first page: a shop of one year, with one employee. */
async function shopkeeper(page) {
  await answer(page, { trade: "shop", income: "3000" });
  await period(page, "1", "");
  await answer(page, { staff: "1" });
}

/** What has the focus: its name, id, class or element. */
const focused = (page) =>
  page.locator("pq-flow :focus").evaluate((at) => at.getAttribute("name") || at.id || at.className || at.tagName);

/** A new screen: its heading is read out, and stands where the page begins. */
async function expectTop(page, state) {
  assert.equal(await focused(page), "H2", `${state}: the heading has the focus`);
  assert.equal(await page.evaluate(() => scrollY), 0, `${state}: the page is at its top`);
}

/** Adds a pledge and fills it in. */
async function pledge(page, at, answers) {
  await page.locator(".add").click();
  const fields = Object.entries(answers).map(([field, value]) => [`pledges.${at}.${field}`, value]);
  await answer(page, Object.fromEntries(fields));
}

for (const lang of ["en", "zh-CN"]) {
  describe(`in ${lang}`, () => {
    test("every kind of question, a list and an optional page, to what is sent", async () => {
      const watched = await open(lang);
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
        fruit: 0,
        income: 9_000_00,
        land: "missing",
        open_for: 24,
        scale: "small",
        staff: 0,
        taken: 0,
      });
      await watched.expectClean({ typed: true });
      await watched.close();
    });

    test("measured quantities", async () => {
      const watched = await open(lang);
      const { page } = watched;
      await answer(page, { trade: "farm", income: "3000.123" });
      assert.match(await page.locator('[data-question="income"] .error').innerText(), /3500\.50/);
      await answer(page, { income: "3000.50" });
      await forward(page);
      const land = page.locator('[data-question="land"]');
      assert.equal(await land.locator("input").getAttribute("inputmode"), "decimal");
      await answer(page, { land: "3.1234567" });
      assert.match(await land.locator(".error").innerText(), /3\.75/);
      await expectGood(page, "too many decimals");
      await answer(page, { land: "99999999999" });
      assert.match(await land.locator(".error").innerText(), /1,000/, "too large is not called no number");
      await answer(page, { land: "3.75" });
      assert.equal(await land.locator(".error").count(), 0);
      await page.locator(".add").click();
      await answer(page, { "plots.1.crop": "grain", "plots.1.share": "60" });
      await expectGood(page, "a list of at least one");
      await forward(page);
      await page.locator('[data-question="pledges"]').waitFor();
      await watched.close();
    });
  });
}

test("what is asked follows the answers, and answers stay", async () => {
  const watched = await open();
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
  const watched = await open();
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
  const watched = await answered({ trade: "wage", income: "3000" });
  const { page } = watched;
  await page.locator(".add").click();
  assert.equal(await focused(page), "q-pledges.1.kind");
  await forward(page);
  assert.equal(await page.locator('[data-question="pledges.1.value"] .error').count(), 1, "what is open stands in the way");
  await answer(page, { "pledges.1.kind": "car", "pledges.1.value": "10000" });
  await pledge(page, 2, { kind: "home", value: "20000", lent_against: "5000" });
  await pledge(page, 3, { kind: "car", value: "30000" });
  assert.equal(await page.locator(".add").count(), 0, "three are the most");
  assert.match(await page.locator('[data-entry="1"]').innerText(), /Pledge 2[^]*What is it\?\s+A home\s+What is it worth\?\s+¥20,000\s+How much is lent against it\?\s+¥5,000/);

  await page.locator('[data-entry="0"] button', { hasText: "Remove" }).click();
  assert.match(await focused(page), /add/);
  assert.match(await page.locator('[data-entry="0"]').innerText(), /Pledge 1[^]*A home[^]*¥20,000[^]*¥5,000/);
  assert.match(await page.locator('[data-entry="1"]').innerText(), /Pledge 2[^]*A car[^]*¥30,000/);
  assert.equal(await page.locator("[data-entry]").count(), 2);

  await page.getByRole("button", { name: "Change: Pledge 2" }).click();
  assert.equal(await focused(page), "q-pledges.2.kind");
  await answer(page, { "pledges.2.value": "40000" });
  await page.locator('[data-entry="1"] > .secondary').click();
  assert.match(await page.locator('[data-entry="1"]').innerText(), /¥40,000/);
  await forward(page);
  await page.locator(".result").waitFor();
  await watched.close();
});

test("an optional page may be left out again", async () => {
  const watched = await answered({ trade: "wage", income: "3000" });
  const { page } = watched;
  await forward(page);
  await page.locator(".result").waitFor();
  await page.getByRole("button", { name: "Answer these too" }).click();
  await page.locator('[data-question="inflow"]').waitFor();
  await expectTop(page, "opened");
  await page.getByRole("button", { name: "Leave this page out" }).click();
  await page.locator(".result").waitFor();
  await expectTop(page, "left out");
  assert.equal(await page.getByRole("button", { name: "Answer these too" }).count(), 1);
  await watched.close();
});

test("an optional page with a condition comes and goes with it; what was typed on it stays", async () => {
  const watched = await open();
  const { page } = watched;
  const takings = page.locator('[aria-labelledby="open-takings"] button');
  const toEstimate = async () => {
    while ((await page.locator(".result").count()) === 0) {
      const before = await progress(page);
      await forward(page);
      await page.waitForFunction((was) => {
        const flow = document.querySelector("pq-app").shadowRoot.querySelector("pq-flow").shadowRoot;
        return flow.querySelector(".progress p").innerText !== was;
      }, before);
    }
  };
  await shopkeeper(page);
  await toEstimate();
  await takings.click();
  await page.locator('[data-question="days"]').waitFor();
  await expectTop(page, "opened");
  await answer(page, { "days.1.taken": "300", "days.2.taken": "300", "days.3.taken": "300" });
  await forward(page);
  await page.locator(".result").waitFor();
  assert.equal(await takings.count(), 0, "it is open");

  await page.getByRole("button", { name: "Change answers" }).click();
  await page.locator('[data-question="trade"]').waitFor();
  await answer(page, { trade: "wage" });
  await toEstimate();
  assert.equal(await takings.count(), 0, "it does not apply");
  await page.getByRole("button", { name: "Change answers" }).click();
  await page.locator('[data-question="trade"]').waitFor();
  await answer(page, { trade: "shop" });
  await forward(page);
  await page.locator('[data-question="days"]').waitFor();
  assert.equal(await page.locator('[data-question="days.3.taken"] input').inputValue(), "300");
  await watched.close();
});

test("a list of so many entries stands there to be filled in", async () => {
  const watched = await open();
  const { page } = watched;
  await shopkeeper(page);
  await forward(page);
  await forward(page);
  await page.locator('[aria-labelledby="open-takings"] button').click();
  const days = page.locator('[data-question="days"]');
  await days.waitFor();
  await expectGood(page, "a list of so many");
  assert.equal(await days.locator("button").count(), 0, "nothing to add, remove or put away");
  assert.doesNotMatch(await days.innerText(), /optional/);
  const second = days.getByLabel("Day 2");
  assert.equal(await second.getAttribute("inputmode"), "text", "a pad of digits has no minus");

  await forward(page);
  assert.equal(await days.locator(".error").count(), 3);
  assert.equal(await focused(page), "q-days.1.taken");
  await page.keyboard.type("300");
  assert.equal(await days.getByLabel("Day 1").inputValue(), "300", "the first key closes nothing");
  for (const wrong of ["12.5", "nothing"]) {
    await answer(page, { "days.2.taken": wrong });
    const error = page.locator('[data-question="days.2.taken"] .error');
    assert.match(await error.innerText(), /whole amount without decimals, such as 3500/, wrong);
  }
  await second.fill("\u2212300");
  await days.getByLabel("Day 3").fill("600");
  await forward(page);
  await page.locator(".result").waitFor();
  await forward(page);
  const sent = page.locator(".sent li", { has: page.getByRole("heading", { name: "Takings of a day" }) });
  assert.match(await sent.innerText(), /Day 1 · What came in\?\s+¥300/);
  assert.match(await sent.innerText(), /¥200 to under ¥300/);
  assert.doesNotMatch(await sent.innerText(), /left blank|Yes/, "neither how many nor that the page is open");
  const scale = page.locator(".sent li", { has: page.getByRole("heading", { name: "Scale" }) });
  assert.match(await scale.innerText(), /Small/, "an option that a table names has words");
  await watched.close();
});

test("a list of at least one asks for one", async () => {
  const watched = await answered({ trade: "farm", income: "3000" });
  const { page } = watched;
  await answer(page, { land: "3.75" });
  await forward(page);
  const plots = page.locator('[data-question="plots"]');
  assert.match(await plots.locator(".error").innerText(), /at least one/);
  assert.match(await focused(page), /add/);
  await page.locator(".add").click();
  await forward(page);
  assert.equal(await plots.locator('[data-entry="0"] .error').count(), 2);
  await answer(page, { "plots.1.crop": "fruit" });
  const share = page.locator('[data-question="plots.1.share"] input');
  await share.click();
  await page.keyboard.type("50");
  assert.equal(await share.inputValue(), "50", "what is put right stays open");
  await share.fill("half");
  await share.blur();
  assert.match(await page.locator('[data-question="plots.1.share"] .error').innerText(), /percentage, such as 20/);
  await share.fill("50");
  await page.locator('[data-entry="0"] > .secondary').click();
  assert.match(await plots.innerText(), /What crop\?\s+Fruit\s+Its share of the land\?\s+50%/);
  await expectGood(page, "an entry put away");
  await page.getByRole("button", { name: "Remove: Plot 1" }).click();
  await forward(page);
  assert.match(await plots.locator(".error").innerText(), /at least one/);
  await watched.close();
});
