// Narrow screens: 320 px, and a phone of 360 px zoomed to 200 %. Nothing scrolls sideways, nothing is
// cut off, and every state is held to the accessibility rules.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  answer,
  browser,
  expectAccessible,
  expectFits,
  expectNothingCut,
  forward,
  openSchedule,
  openStatement,
  service,
  STEADY,
  watchedPage,
} from "./support.mjs";

const SCREENS = {
  "320 px": { viewport: { width: 320, height: 568 } },
  // Zoom halves the CSS pixels of a screen and doubles the device's pixels in each.
  "200 % zoom": { viewport: { width: 180, height: 320 }, deviceScaleFactor: 2 },
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

async function expectNarrow(frame, state, part = {}) {
  await expectNothingCut(frame, state);
  await expectFits(frame, state);
  await expectAccessible(frame, state, part);
}

for (const [name, screen] of Object.entries(SCREENS)) {
  for (const locale of ["zh-CN", "en"]) {
    test(`the whole flow at ${name}, ${locale}`, async () => {
      const watched = await watchedPage(chrome, served, { locale, ...screen });
      const { page } = watched;
      await page.goto(`${served.lender}/`);
      await page.locator(".choices a").first().waitFor();
      await expectNarrow(page, "the choice");
      await page.goto(`${served.lender}/?policy=instalment`);
      // The largest figures that the product has.
      await page.locator("#s-amount").press("End");
      await expectNarrow(page, "the request");
      await forward(page);
      await forward(page);
      await page.locator(".error").first().waitFor();
      await expectNarrow(page, "errors");
      for (const [at, group] of STEADY.entries()) {
        await answer(page, group);
        await expectNarrow(page, `group ${at}`);
        await forward(page);
      }
      await page.locator(".result").waitFor();
      await openSchedule(page);
      await openStatement(page);
      assert.equal(await page.locator(".plan tbody tr").count(), 12);
      await expectNarrow(page, "the estimate");
      await forward(page);
      await page.locator(".sent").waitFor();
      await expectNarrow(page, "what is sent");
      await page.route("**/v1/submissions", (route) => route.abort());
      await forward(page);
      await page.locator(".notice.bad").waitFor();
      await expectNarrow(page, "a refusal");
      await page.unroute("**/v1/submissions");
      await forward(page);
      await page.locator(".reference").waitFor();
      await expectNarrow(page, "the answer");
      await page.locator("footer button").click();
      await expectNarrow(page, "a person");
      await watched.expectClean({ tolerate: [/Failed to load resource/], typed: true });
      await watched.close();
    });
  }

  test(`the shop at ${name}`, async () => {
    const watched = await watchedPage(chrome, served, { locale: "en", ...screen });
    const { page } = watched;
    await page.goto(`${served.shop}/`);
    const line = page.frameLocator("prequal-offer iframe[part=line]").locator("button");
    await line.waitFor();
    const frame = (view) => page.frames().find((one) => one.url().includes(`view=${view}`));
    await expectNothingCut(page, "the shop");
    await expectNarrow(frame("line"), "the line", { part: true });
    const [content, room] = await frame("line").evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
    assert.ok(content <= room, `${content} px of line in ${room} px`);
    await line.click();
    await page.frameLocator("prequal-offer dialog iframe").locator("pq-flow h2").waitFor();
    await expectNarrow(frame("flow"), "the dialog");
    await watched.close();
  });
}
