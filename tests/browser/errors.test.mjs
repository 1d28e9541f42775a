// Errors by the field, in words, once they are certain and not before.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, browser, expectAccessible, forward, service, STEADY, toEstimate, watchedPage } from "./support.mjs";

let served;
let chrome;
let watched;
let page;
before(async () => {
  served = await service();
  chrome = await browser();
  watched = await watchedPage(chrome, served, { locale: "en" });
  page = watched.page;
  await page.goto(`${served.lender}/?policy=instalment`);
  await page.locator("pq-flow h2").waitFor();
  await forward(page);
});
after(async () => {
  await chrome?.close();
  await served?.stop();
});

const errorOf = (question) => page.locator(`#error-${question}`);

test("a blank step names what is missing and goes to it", async () => {
  assert.equal(await page.locator(".error").count(), 0, "nothing is wrong before it is certain");
  await page.locator("#q-birth").focus();
  await page.locator("#q-birth").blur();
  assert.equal(await page.locator(".error").count(), 0, "a blank field that was passed is not an error yet");
  await forward(page);
  assert.match(await errorOf("birth").innerText(), /Please answer/);
  assert.match(await errorOf("housing").innerText(), /Please answer/);
  assert.equal(await errorOf("address_months").count(), 0, "what may be left blank may be left blank");
  const focused = await page.evaluate(
    () => document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.id,
  );
  assert.equal(focused, "q-birth");
  assert.equal(await page.locator("#q-birth").getAttribute("aria-invalid"), "true");
  assert.match(await page.locator("#q-birth").getAttribute("aria-describedby"), /error-birth/);
  await expectAccessible(page, "a step with errors");
});

test("each wrong answer is told on leaving the field, and goes when it is mended", async () => {
  await answer(page, { birth: "2020-01-01" });
  assert.match(await errorOf("birth").innerText(), /Must not be after December 31, 2012/);
  await answer(page, { birth: "1988-05-01", housing: "rent" });
  assert.equal(await page.locator(".error").count(), 0);

  const months = page.locator("#q-address_months");
  await months.fill("721");
  assert.equal(await errorOf("address_months").count(), 0, "not while typing");
  await months.blur();
  assert.match(await errorOf("address_months").innerText(), /at most 720 months/);
  await months.fill("72");
  assert.equal(await errorOf("address_months").count(), 0, "mended while typing");
  await months.fill("two years");
  await months.blur();
  assert.match(await errorOf("address_months").innerText(), /enter a whole number/);
  await months.fill("");
  await forward(page);
  await page.locator("#q-income").waitFor();
});

test("money as people type it", async () => {
  const income = page.locator("#q-income");
  const expected = [
    ["8350.123", /whole amount/],
    ["8350.50", /whole amount/],
    ["-1", /at least ¥0/],
    ["100000.01", /at most ¥100,000|whole amount/],
    ["1,00", /whole amount/],
    ["abc", /whole amount/],
    ["8350", undefined],
    ["8,350.00", undefined],
    ["￥８，３５０ 元", undefined],
  ];
  for (const [typed, wrong] of expected) {
    await income.fill(typed);
    await income.blur();
    const shown = (await errorOf("income").count()) > 0 ? await errorOf("income").innerText() : "";
    if (wrong) assert.match(shown, wrong, typed);
    else assert.equal(shown, "", typed);
  }
  await watched.expectClean({ typed: true });
});

test("a knock-out is said kindly, with its reason, and no limit", async () => {
  await page.goto(`${served.lender}/?policy=instalment`);
  const [about, work, money] = STEADY;
  await toEstimate(page, [about, work, { ...money, repayment: "overdue" }]);
  await page.locator('.result[data-result="not_eligible"]').waitFor();
  assert.match(await page.locator(".reasons").innerText(), /overdue/);
  assert.equal(await page.locator(".limit").count(), 0);
  await expectAccessible(page, "not eligible");
  await page.getByRole("button", { name: "Change answers" }).click();
  await page.locator("#q-birth").waitFor();
  await watched.expectClean({ typed: true });
});
