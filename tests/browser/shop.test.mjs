// The widget on a partner's page at another origin.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { answer, browser, expectAccessible, expectFits, expectLargeTargets, forward, service, STEADY, watchedPage } from "./support.mjs";

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

const lineOf = (page) => page.frameLocator("prequal-offer iframe[part=line]");
const lineFrame = (page) => page.frames().find((frame) => frame.url().includes("view=line"));
const flowFrame = (page) => page.frames().find((frame) => frame.url().includes("view=flow"));

for (const [locale, words] of Object.entries({
  "zh-CN": { line: /^每期约 ¥\d+ × 12 期$/, none: "暂不支持分期" },
  en: { line: /^About ¥\d+, 12 times$/, none: "No instalments for this price" },
})) {
  test(`the line and the dialog, ${locale}`, async () => {
    const watched = await watchedPage(chrome, served, { locale });
    const { page } = watched;
    await page.addInitScript(() => {
      globalThis.seen = [];
      for (const name of ["load", "estimate", "submit", "verified", "expired", "error"]) {
        document.addEventListener(`prequal-${name}`, (event) => globalThis.seen.push([name, event.detail]));
      }
    });
    const events = () => page.evaluate(() => globalThis.seen);
    await page.goto(`${served.shop}/`);
    const price = lineOf(page).locator(".price");
    await price.waitFor();
    const first = await price.innerText();
    assert.match(first, words.line);
    await expectFits(page, "the shop");
    await expectAccessible(page, "the shop");
    await expectAccessible(lineFrame(page), "the line", { part: true });

    // Another variant: another price, on the device alone.
    const asked = watched.requests.length;
    await page.locator("label:has(input[name=capacity][value='2'])").click();
    await page.waitForFunction(
      ([before]) => before !== null && document.querySelector("prequal-offer").amount === 549900,
      [first],
    );
    await price.filter({ hasNotText: first }).waitFor();
    assert.match(await price.innerText(), words.line);
    await page.locator("label:has(input[name=capacity][value='3'])").click();
    await lineOf(page).getByText(words.none).waitFor();
    await page.locator("label:has(input[name=capacity][value='1'])").click();
    await price.waitFor();
    assert.equal(await price.innerText(), first);
    assert.equal(watched.requests.length, asked, "no request for a price");

    const fetched = () => watched.requests.map((one) => new URL(one.url()).pathname);
    const flowCode = /\/assets\/app-/;
    assert.ok(!fetched().some((path) => flowCode.test(path)), "the line needs nothing of the flow");
    await lineOf(page).locator("button").click();
    const flow = page.frameLocator("prequal-offer dialog iframe");
    await flow.locator("pq-flow h2").waitFor();
    assert.ok(fetched().some((path) => flowCode.test(path)), "which comes with the dialog");
    const frame = flowFrame(page);
    await expectAccessible(frame, "the dialog");
    await expectLargeTargets(frame, "the dialog");
    await expectFits(frame, "the dialog");
    assert.match(await frame.locator(".basket").innerText(), /¥2,999/);
    assert.equal(await frame.locator("#s-amount").count(), 0, "the shop's price stands");

    // Esc closes it from inside, and the answers are there when it opens again.
    await forward(frame);
    await answer(frame, STEADY[0]);
    await frame.locator("#q-birth").press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await lineOf(page).locator("button").click();
    assert.equal(await frame.locator("#q-birth").inputValue(), "1988-05-01");
    await forward(frame);
    for (const group of STEADY.slice(1)) {
      await answer(frame, group);
      await forward(frame);
    }
    await frame.locator(".result").waitFor();
    await forward(frame);
    await frame.locator(".sent").waitFor();
    await forward(frame);
    const reference = await frame.locator(".reference").innerText();
    await frame.locator("button.done").click();
    await page.locator("dialog[open]").waitFor({ state: "detached" });

    // The shop learns the reference and nothing else.
    const seen = await events();
    assert.deepEqual(seen.filter(([name]) => name !== "estimate").map(([name]) => name), ["load", "submit", "verified"]);
    assert.deepEqual(seen.at(-1)[1], { token: reference });
    for (const [, detail] of seen.filter(([name, detail]) => name === "estimate" && detail !== null)) {
      assert.deepEqual(Object.keys(detail).sort(), ["amount", "instalment", "simple_rate", "term", "total"]);
    }
    const formValue = () => page.evaluate(() => new FormData(document.querySelector("#order")).get("instalment"));
    assert.equal(await formValue(), reference);
    assert.match(await page.locator("#note").innerText(), new RegExp(reference));

    // Another price is another matter: the token goes.
    await page.locator("label:has(input[name=capacity][value='0'])").click();
    assert.equal(await formValue(), null);
    assert.equal((await events()).some(([name]) => name === "expired"), true);
    await watched.expectClean();
    await watched.close();
  });
}

test("the frames take the shop's colours and scheme, and no more than colours", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en", colorScheme: "dark" });
  const { page } = watched;
  await page.goto(`${served.shop}/`);
  await lineOf(page).locator(".price").waitFor();
  const root = (name) => lineFrame(page).evaluate((one) => document.documentElement.style.getPropertyValue(one), name);
  assert.equal(await lineFrame(page).locator("html").getAttribute("data-scheme"), "dark");
  assert.equal(await root("--accent"), "#ff9a76");
  await page.evaluate(() => {
    const offer = document.querySelector("prequal-offer");
    offer.style.setProperty("--prequal-accent", "url(https://elsewhere.example/)");
    offer.update({ amount: 150000 });
  });
  await lineFrame(page).waitForFunction(() => document.documentElement.style.getPropertyValue("--accent") === "");
  await watched.expectClean();
  await watched.close();
});

test("safe to load twice, to move, to take away", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.shop}/`);
  await lineOf(page).locator(".price").waitFor();
  await page.evaluate((source) => import(`${source}?again`), `${served.lender}/prequal.js`);
  await page.evaluate(() => {
    const offer = document.querySelector("prequal-offer");
    document.querySelector(".facts").append(offer);
  });
  await lineOf(page).locator(".price").waitFor();
  assert.equal(await page.locator("prequal-offer iframe").count(), 1);
  await page.evaluate(() => document.querySelector("prequal-offer").open());
  await page.evaluate(() => document.querySelector("prequal-offer").remove());
  assert.equal(page.frames().length, 1);
  const headings = await page.evaluate(() => document.querySelectorAll("h1, h2, main, nav").length);
  assert.equal(headings, 3, "no heading or landmark but the shop's own");
  await watched.close();
});

test("the frame does not run for a page that is not the partner's", async () => {
  const stranger = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>x</title><script type="module" src="${served.lender}/prequal.js"></script>
      <prequal-offer partner="pk_test_demo" policy="instalment" amount="299900"></prequal-offer>`);
  }).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const page = await chrome.newPage();
  const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
  await page.addInitScript(() => document.addEventListener("prequal-load", () => (globalThis.loaded = true)));
  await page.goto(`http://127.0.0.1:${stranger.address().port}/`);
  await refused;
  assert.equal(await page.evaluate(() => globalThis.loaded), undefined);
  await page.close();
  stranger.close();
});

test("the element can be imported where there is no page", async () => {
  const { PrequalOffer } = await import(new URL("../../www/dist/element.js", import.meta.url));
  assert.equal(PrequalOffer.formAssociated, true);
});
