// The whole flow at phone size under the shipped policy, in both languages, from the choice of what
// it is for to the server's answer; every state is held to the accessibility rules.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  answer,
  browser,
  decode,
  expectAccessible,
  expectFits,
  expectLargeTargets,
  forward,
  openSchedule,
  openStatement,
  service,
  STEADY,
  toEstimate,
  watchedPage,
} from "./support.mjs";

const WORDS = {
  "zh-CN": { lang: "zh-CN", choose: "购物分期", sent: "将发送这些内容，仅此而已", credit: "不影响您的征信记录" },
  en: { lang: "en", choose: "Pay by instalments", sent: "This will be sent, and nothing else", credit: "does not affect your credit record" },
};

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

/** What every state has to stand. */
async function expectGood(page, state) {
  await expectFits(page, state);
  await expectLargeTargets(page, state);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${state}, ${colorScheme}`);
  }
}

for (const [locale, words] of Object.entries(WORDS)) {
  describe(`in ${locale}`, () => {
    test("from the choice to the answer", async () => {
      const watched = await watchedPage(chrome, served, { locale });
      const { page } = watched;
      await page.goto(`${served.lender}/`);
      await page.getByText(words.choose).waitFor();
      assert.equal(await page.locator("html").getAttribute("lang"), words.lang);
      await expectGood(page, "the choice");
      await page.getByText(words.choose).click();

      await page.locator("pq-flow h2").waitFor();
      await expectGood(page, "the request");
      await forward(page);
      for (const [at, group] of STEADY.entries()) {
        await expectGood(page, `group ${at}, empty`);
        await answer(page, group);
        await expectGood(page, `group ${at}, filled`);
        await forward(page);
      }
      await page.locator('.result[data-result="eligible"]').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.tagName), "H2");
      assert.match(await page.locator(".step").innerText(), new RegExp(words.credit));
      await openSchedule(page);
      await openStatement(page);
      await expectGood(page, "the estimate");

      await forward(page);
      await page.getByText(words.sent).waitFor();
      await expectGood(page, "what is sent");
      await forward(page);
      const reference = await page.locator(".reference").innerText();
      assert.match(reference, /^[\w-]{4,}$/);
      await expectGood(page, "the answer");

      await page.locator("footer button").click();
      assert.match(await page.locator("dialog.person").innerText(), new RegExp(reference));
      await expectGood(page, "a person");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("dialog.person[open]").count(), 0);
      await watched.expectClean();
      await watched.close();
    });
  });
}

test("what is sent is what was shown, and no raw answer", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await forward(page);
  const shown = await page.locator(".sent li").allInnerTexts();
  await forward(page);
  await page.locator(".reference").waitFor();

  const [body] = watched.posted("/v1/submissions");
  const { submission } = JSON.parse(body);
  const { header, payload, signature } = decode(submission);
  assert.deepEqual(Object.keys(header).sort(), ["alg", "jwk", "typ"]);
  assert.equal(signature.length, 64);
  const { features, request } = payload.summary;
  assert.equal(Object.keys(features).length, shown.length, "every feature stands in the list");
  assert.equal(request.term, 12);
  const income = shown.find((item) => item.startsWith("Income band"));
  assert.match(income, /¥8,350\b/, "the answer stands on the left");
  assert.match(income, /¥7,000 to under ¥12,000/, "and its band on the right");
  assert.equal(features.income, 700_000);
  const sent = JSON.stringify(payload);
  for (const raw of ["8350", "835000", "1988", "250000", "60000"]) {
    assert.ok(!sent.includes(raw), `${raw} stays on the device`);
  }
  await watched.expectClean();
  await watched.close();
});

test("figures follow the sliders, by thumb, keyboard and button", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await openSchedule(page);
  const rows = page.locator(".plan tbody tr");
  const total = () => page.locator(".costs .sum dd").first().innerText();
  assert.equal(await rows.count(), 12);
  const before = await total();
  await page.getByLabel("Term", { exact: true }).press("ArrowLeft");
  assert.equal(await rows.count(), 6);
  assert.notEqual(await total(), before);
  await page.getByRole("button", { name: "More: Term" }).click();
  assert.equal(await rows.count(), 12);
  assert.equal(await total(), before);
  await page.getByRole("button", { name: "More: Amount" }).click();
  assert.equal(await page.locator("output[for=s-amount]").innerText(), "¥600");
  await page.getByLabel("Amount", { exact: true }).press("End");
  const limit = await page.locator(".limit .figure").innerText();
  assert.match(limit, /^¥\d/);
  // The estimate is read out once it has come to rest.
  await page.waitForFunction(
    (text) => document.querySelector("pq-app").shadowRoot.querySelector("pq-flow").shadowRoot.querySelector("form + [role=status]").textContent.includes(text),
    limit,
  );
  await watched.expectClean();
  await watched.close();
});

test("an amount above the limit is said, and one tap brings it down", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await page.getByLabel("Amount", { exact: true }).press("End");
  await toEstimate(page, STEADY);
  const notice = page.locator(".notice");
  assert.match(await notice.innerText(), /You asked for ¥20,000; with this product and term the most right now is ¥[\d,]+\./);
  const offered = await page.locator(".panel .costs dd").first().innerText();
  await expectAccessible(page, "above the limit");
  await notice.getByRole("button").click();
  await notice.waitFor({ state: "detached" });
  assert.equal(`${await page.locator("output[for=s-amount]").innerText()}.00`, offered);
  await watched.expectClean();
  await watched.close();
});

test("answers stay when going back, and when the language changes", async () => {
  const watched = await watchedPage(chrome, served, { locale: "zh-CN" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("Your limit").waitFor();
  for (const step of ["3", "2", "1"]) {
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByText(`Step ${String(Number(step) + 1)} of 6`).waitFor();
  }
  assert.equal(await page.locator("#q-birth").inputValue(), "1988-05-01");
  assert.ok(await page.locator('input[name="q-housing"][value="rent"]').isChecked());
  await forward(page);
  assert.equal(await page.locator("#q-income").inputValue(), "8350");
  await watched.expectClean();
  await watched.close();
});

test("the browser's back and forward go by steps and lose nothing", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  const at = (step) => page.getByText(`Step ${step} of 6`).waitFor();
  await page.goto(`${served.lender}/`);
  await page.getByText("Pay by instalments").click();
  await toEstimate(page, STEADY);
  await page.goBack();
  await at(4);
  await page.goBack();
  await at(3);
  assert.equal(await page.locator("#q-income").inputValue(), "8350");
  await page.goForward();
  await at(4);
  await page.goForward();
  await at(5);
  // The page's own ways back leave no steps behind that the browser would go through again.
  await page.getByRole("button", { name: "Change answers" }).click();
  await at(2);
  await page.goBack();
  await at(1);
  await page.goBack();
  await page.locator(".choices").waitFor();
  await watched.expectClean();
  await watched.close();
});

test("what was sent stays in view when going back", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await forward(page);
  await page.locator(".sent").waitFor();
  await forward(page);
  const reference = await page.locator(".reference").innerText();
  await page.goBack();
  assert.equal(await page.locator(".reference").innerText(), reference);
  await watched.expectClean();
  await watched.close();
});

test("another policy makes its own questions", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=german-credit`);
  await page.locator("pq-flow h2").waitFor();
  await expectAccessible(page, "german-credit, the request");
  await forward(page);
  await page.locator('[data-question="age"]').waitFor();
  await expectAccessible(page, "german-credit, first group");
  await page.goto(`${served.lender}/?policy=nothing`);
  await page.getByText("This product was not found").waitFor();
  await expectAccessible(page, "no such policy");
  await watched.expectClean();
  await watched.close();
});
