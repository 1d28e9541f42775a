// Which offer suits most, and why: told where the request is adjusted, with one tap to it, and nothing moves.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  browser,
  compiled,
  expectAccessible,
  expectFits,
  expectLargeTargets,
  expectNothingCut,
  service,
  STEADY,
  toEstimate,
  watchedPage,
} from "./support.mjs";

const WORDS = {
  "zh-CN": {
    months: (n) => `${n} 个月`,
    other: (name, why) => `${name}更适合多数人：${why}。`,
    here: (why) => `这个方案适合多数人：${why}。`,
    why: {
      only: "目前只有它可以办",
      amount: "最接近您要的金额",
      no_review: "不用等人工复核",
      suits: "为这类用途和情况准备的",
      headroom: "手头紧的月份也有余地",
      cost: "条件相同的方案里，它花的钱最少",
      order: "几个方案条件相同，我们一般先办它",
    },
    shop: "分期购",
    choose: "改选",
  },
  en: {
    months: (n) => `${n} months`,
    other: (name, why) => `${name} suits most people better: ${why}.`,
    here: (why) => `This suits most people: ${why}.`,
    why: {
      only: "nothing else can be had now",
      amount: "it comes closest to what you asked for",
      no_review: "nobody has to look at it first",
      suits: "it is made for a purpose like yours",
      headroom: "it leaves room for a bad month",
      cost: "it costs the least of those like it",
      order: "all are alike, and this is our usual one",
    },
    shop: "Shop loan",
    choose: "Choose",
  },
};

let served;
let costs;
let chrome;
before(async () => {
  served = await service();
  costs = await service({ policies: await compiled("costs") });
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await served?.stop();
  await costs?.stop();
});

/** The estimate of somebody who asks for 10 000 yuan of the seasonal loan over a year. */
async function asked(options = {}) {
  const watched = await watchedPage(chrome, costs, { locale: "en", ...options });
  const { page } = watched;
  await page.goto(`${costs.lender}/?policy=costs`);
  await toEstimate(page, [{ income: "9000", green: "true" }]);
  return watched;
}

/** What is seen of the recommendation. */
const seen = (page) =>
  page.locator(".recommended").evaluateAll((all) =>
    all.flatMap((one) =>
      [...one.querySelectorAll("span:not(.either), button")]
        .filter((part) => getComputedStyle(part).visibility === "visible")
        .map((part) => part.textContent.trim()),
    ),
  );

const recommended = (frame) => frame.locator("pq-flow").evaluate(({ flow }) => flow.estimate.decision.recommended);
const request = (frame) => frame.locator("pq-flow").evaluate(({ flow }) => flow.request);

/** Shows another recommendation than the engine's. */
function recommend(page, one) {
  return page.locator("pq-flow").evaluate(async (element, recommended) => {
    const { estimate } = element.flow;
    const told = { ...estimate, decision: { ...estimate.decision, recommended } };
    Object.defineProperty(element.flow, "estimate", { configurable: true, get: () => told });
    element.requestUpdate();
    await element.updateComplete;
  }, one);
}

for (const [locale, words] of Object.entries(WORDS)) {
  describe(`in ${locale}`, () => {
    test("one tap chooses it, and it says that it is chosen", async () => {
      const watched = await asked({ locale });
      const { page } = watched;
      const best = await recommended(page);
      assert.deepEqual(best, { product: "shop", term: 6, why: "cost" });
      const name = `${words.shop} · ${words.months(6)}`;
      assert.deepEqual(await seen(page), [words.other(name, words.why.cost), words.choose]);
      const button = page.locator(".recommended button");
      await button.focus();
      await page.keyboard.press("Enter");
      assert.deepEqual(await seen(page), [words.here(words.why.cost)]);
      const { product, term, amount } = await request(page);
      assert.deepEqual({ product, term, amount }, { product: "shop", term: 6, amount: 10_000_00 });
      const focused = await page.evaluate(() => {
        let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        return one.className;
      });
      assert.equal(focused, "adjust", "the focus is not lost with the button");
      // Over another term of the same product its name need not be said.
      await page.locator("#s-term").press("End");
      assert.deepEqual(await seen(page), [words.other(words.months(6), words.why.cost), words.choose]);
      await watched.expectClean();
      await watched.close();
    });

    test("every reason has its words, and none moves anything", async () => {
      for (const width of [320, 360, 1280]) {
        const watched = await asked({ locale, viewport: { width, height: 640 } });
        const { page } = watched;
        const heights = new Set();
        for (const [why, reason] of Object.entries(words.why)) {
          await recommend(page, { product: "season", term: 6, why });
          assert.deepEqual(await seen(page), [words.other(words.months(6), reason), words.choose]);
          heights.add((await page.locator(".recommended").boundingBox()).height);
          await expectFits(page, `${why} at ${width} px`);
          await expectNothingCut(page, `${why} at ${width} px`);
          await recommend(page, { product: "season", term: 12, why });
          // What is the only one need not be praised.
          assert.deepEqual(await seen(page), why === "only" ? [] : [words.here(reason)]);
          if (why !== "only") heights.add((await page.locator(".recommended").boundingBox()).height);
        }
        assert.equal(heights.size, 1, `at ${width} px: ${[...heights].join(", ")} px`);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          for (const term of [6, 12]) {
            await recommend(page, { product: "season", term, why: "headroom" });
            await expectAccessible(page, `${term} months, ${colorScheme}`);
            await expectLargeTargets(page, `${term} months, ${colorScheme}`);
          }
        }
        await watched.close();
      }
    });
  });
}

test("at a shop the price stands, whatever is chosen", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.shop}/`);
  await page.frameLocator("prequal-offer iframe[part=line]").locator("button").click();
  await page.frameLocator("prequal-offer dialog iframe").locator("pq-flow h2").waitFor();
  const frame = page.frames().find((one) => one.url().includes("view=flow"));
  await toEstimate(frame, STEADY);
  const best = await recommended(frame);
  const { basket, other } = await frame.locator("pq-flow").evaluate(({ flow }) => ({
    basket: flow.basket,
    other: flow.estimate.decision.offers.find(({ term }) => term !== flow.estimate.decision.recommended.term).term,
  }));
  await frame.locator("pq-flow").evaluate(({ flow }, term) => flow.choose({ term }), other);
  await frame.locator(".recommended button").click();
  const { term, amount } = await request(frame);
  assert.deepEqual({ term, amount }, { term: best.term, amount: basket });
  await watched.expectClean({ typed: true });
  await watched.close();
});
