// The cost statement: every item, sum and rate held against the engine's offer, what may come on top, copied, and printed
// alone, on the lender's own page and in a shop's dialog. A policy of the tests' own has every kind of fee.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  browser,
  compiled,
  expectAccessible,
  expectFits,
  expectLargeTargets,
  expectNothingCut,
  openSchedule,
  openStatement,
  opener,
  service,
  STEADY,
  toEstimate,
  watchedPage,
} from "./support.mjs";

/** The chunks that are fetched when the statement is opened. */
const CHUNK = /\/assets\/statement-panel-[\w-]+\.js$/;

const WORDS = {
  "zh-CN": {
    head: ["项目", "怎么收", "标准", "金额", "谁收"],
    lender: "青禾小贷（演示）",
    // By the name of each fee, as the policy tells it: how it is charged, the rate, what it comes to, who receives it.
    season: {
      interest: ["利息", "按还款计划随每期收", "年利率 9%", "%", "青禾小贷（演示）"],
      check: ["实地查看费", "放款时由您另付一次", "¥20.00", "¥20.00", "查看人员"],
      opening: ["手续费", "放款时从借款里扣一次", "借款金额的 0.5%", "¥50.00", "青禾小贷"],
      cover: ["农业保险费", "加进借款，分期一起还", "借款金额的 1%", "¥100.00", "保险公司"],
      account: ["账户管理费", "随每期还款收", "借款金额的 0.05% 加 ¥1.00，每次 ¥6.00，共 12 次", "¥72.00", "青禾小贷"],
      closing: ["结清手续费", "随最后一期收一次", "借款金额的 0.1% 加 ¥5.00", "¥15.00", "青禾小贷"],
    },
    service: ["分期服务费", "由商家付，您不用付", "借款金额的 3%", "商家付 ¥300.00", "青禾小贷"],
    contingent: [
      "没有按时还款 逾期的金额按年利率 13.5% 计收罚息。",
      "提前还款 收提前还的金额的 2%。",
      "没有按约定的用途用款 挪用的金额按年利率 18% 计收罚息。",
    ],
    same: [
      "没有按时还款 逾期的金额仍按年利率 {rate} 计息，不另加罚息。",
      "提前还款 不收费。",
      "没有按约定的用途用款 挪用的金额仍按年利率 {rate} 计息，不另加罚息。",
    ],
    none: [
      "没有按时还款 逾期的金额不收利息，也不收罚息。",
      "提前还款 不收费。",
      "没有按约定的用途用款 挪用的金额不收利息，也不收罚息。",
    ],
    discounted: "已享优惠：绿色采购优惠。优惠后年利率 9%。",
    given: "已享优惠：绿色采购优惠",
    spoken: "初步符合条件，额度 {limit}，各期不等，第一期 {first}，最多的一期 {largest}",
    agreed: "正常履约",
    copy: "复制明细",
    copied: "已复制，可以粘贴到聊天或表格里。",
    print: "打印",
    noPrint: "如果没有出现打印窗口",
    about: ["农时贷", "¥10,000.00", "12 个月"],
    title: "综合融资成本（初步估算）",
    plan: "还款计划",
  },
  en: {
    head: ["Item", "Charged", "Rate", "Amount", "Paid to"],
    lender: "Qinghe Microcredit (demo)",
    season: {
      interest: ["Interest", "with the instalments, by the repayment plan", "9% a year", "%", "Qinghe Microcredit (demo)"],
      check: ["Field check", "you pay it once, when the money is paid out", "¥20.00", "¥20.00", "The surveyor"],
      opening: ["Opening fee", "kept back once from what is paid out", "0.5% of the loan", "¥50.00", "Qinghe Microcredit"],
      cover: ["Harvest insurance", "added to the loan and paid back with it", "1% of the loan", "¥100.00", "The insurer"],
      account: ["Account fee", "with each instalment", "0.05% of the loan plus ¥1.00, ¥6.00 each time, 12 times", "¥72.00", "Qinghe Microcredit"],
      closing: ["Closing fee", "once, with the last instalment", "0.1% of the loan plus ¥5.00", "¥15.00", "Qinghe Microcredit"],
    },
    service: ["Service fee", "the shop pays it, you do not", "3% of the loan", "¥300.00, paid by the shop", "Qinghe Microcredit"],
    contingent: [
      "Paying late What is overdue bears 13.5% interest a year.",
      "Paying back early It costs 2% of what you pay early.",
      "Using the money for something else than agreed What is used otherwise bears 18% interest a year.",
    ],
    same: [
      "Paying late What is overdue still bears {rate} interest a year, nothing more.",
      "Paying back early It costs nothing.",
      "Using the money for something else than agreed What is used otherwise still bears {rate} interest a year, nothing more.",
    ],
    none: [
      "Paying late What is overdue bears no interest.",
      "Paying back early It costs nothing.",
      "Using the money for something else than agreed What is used otherwise bears no interest.",
    ],
    discounted: "Discounts given: Energy-saving purchase. With them interest is 9% a year.",
    given: "Discounts given: Energy-saving purchase",
    spoken: "You qualify so far. Limit {limit}, instalments that differ, the first {first}, the largest {largest}",
    agreed: "if you pay as agreed",
    copy: "Copy the statement",
    copied: "Copied. You can paste it into a message or a spreadsheet.",
    print: "Print",
    noPrint: "If no print window has appeared",
    about: ["Seasonal loan", "¥10,000.00", "12 months"],
    title: "Cost of the loan (first estimate)",
    plan: "Repayment plan",
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

/** The estimate of somebody who asks for 10 000 yuan over a year and buys machines that save energy. */
async function asked(options = {}) {
  const watched = await watchedPage(chrome, costs, { locale: "en", ...options });
  const { page } = watched;
  await page.goto(`${costs.lender}/?policy=costs`);
  await toEstimate(page, [{ income: "9000", green: "true" }]);
  return watched;
}

async function opened(options) {
  const watched = await asked(options);
  await openStatement(watched.page);
  await watched.page.getByText(WORDS[options?.locale ?? "en"].lender).first().waitFor();
  return watched;
}

const offer = (page) => page.locator("pq-flow").evaluate(({ flow }) => flow.offer());
const yuan = (minor) => `¥${(minor / 100).toLocaleString("en", { minimumFractionDigits: 2 })}`;
const rate = (millionths) => `${Number((millionths / 10_000).toFixed(2))}%`;
const texts = async (locator) => (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());

/** The rows of the statement's table, of the page's or of the paper's. */
const items = (root) =>
  root
    .locator(".items tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));

/** Stands in for the browser's own print window, which a test cannot close. */
function counted(frame) {
  return frame.evaluate(() => {
    globalThis.prints = 0;
    globalThis.print = () => {
      globalThis.prints += 1;
      dispatchEvent(new Event("beforeprint"));
    };
  });
}

/** What of a page or frame is seen and has text of its own, apart from the paper. */
function seenBesidePaper(frame) {
  return frame.evaluate(() => {
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    return all(document.body)
      .filter((one) => one.checkVisibility() && !one.closest(".paper"))
      .map((one) => one.tagName);
  });
}

for (const [locale, words] of Object.entries(WORDS)) {
  describe(`in ${locale}`, () => {
    test("it has every item, sum and rate of the engine's offer", async () => {
      const watched = await opened({ locale });
      const { page } = watched;
      const one = await offer(page);
      assert.deepEqual(one.fees.map(({ name }) => name), ["check", "opening", "cover", "account", "closing"]);
      const statement = page.locator("pq-statement");
      const expected = Object.values(words.season);
      expected[0][3] = yuan(one.interest);
      assert.deepEqual(await statement.locator("thead th").allTextContents(), words.head);
      assert.deepEqual(await items(statement), expected);
      assert.deepEqual(
        await texts(statement.locator(".costs dd")),
        [...[one.received, one.amount, one.interest, one.fee_total, one.total].map(yuan), ...[one.simple_rate, one.compound_rate].map(rate)],
      );
      assert.ok(one.received < one.amount && one.simple_rate > one.annual_rate);
      assert.deepEqual(await texts(statement.locator(".contingent li")), words.contingent);
      const text = await statement.innerText();
      for (const part of [words.discounted, words.agreed]) assert.ok(text.includes(part), part);
      // Among the costs too, without opening anything.
      assert.equal(await page.getByText(words.given, { exact: true }).count(), 1);
      await watched.expectClean();
      await watched.close();
    });

    test("what the shop pays is told as such, and what does not come on top too", async () => {
      const watched = await opened({ locale });
      const { page } = watched;
      await page.locator("pq-flow").evaluate(({ flow }) => flow.choose({ product: "shop" }));
      await page.getByText(words.service[0]).waitFor();
      const one = await offer(page);
      assert.equal(one.fee_total, 0, "the borrower pays no fee");
      assert.deepEqual((await items(page.locator("pq-statement")))[1], words.service);
      for (const width of [180, 320, 768, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await expectNothingCut(page, `what the shop pays at ${width} px`);
        await expectFits(page, `what the shop pays at ${width} px`);
      }
      // Nothing on top, and no interest at all.
      for (const [change, expected] of [
        [{ overdue_rate: one.annual_rate, misuse_rate: one.annual_rate, prepayment_fee: 0 }, words.same],
        [{ annual_rate: 0, overdue_rate: 0, misuse_rate: 0, prepayment_fee: 0, discounts: [] }, words.none],
      ]) {
        await page.locator("pq-statement").evaluate(async (element, change) => {
          element.offer = { ...element.offer, ...change };
          await element.updateComplete;
        }, change);
        const told = await texts(page.locator(".contingent li"));
        assert.deepEqual(told, expected.map((text) => text.replace("{rate}", rate(one.annual_rate))));
      }
      assert.equal(await page.getByText(words.discounted).count(), 0);
      await watched.close();
    });

    test("it stands in every scheme", async () => {
      for (const options of [{}, { viewport: { width: 320, height: 568 } }, { viewport: { width: 1280, height: 800 } }, { forcedColors: "active" }]) {
        const watched = await opened({ locale, ...options });
        const { page } = watched;
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          const state = `${colorScheme}, ${JSON.stringify(options)}`;
          await expectAccessible(page, state);
          await expectFits(page, state);
          await expectNothingCut(page, state);
          await expectLargeTargets(page, state);
        }
        await watched.expectClean();
        await watched.close();
      }
    });

    test("copied, it is the same", async () => {
      const watched = await opened({ locale, permissions: ["clipboard-read", "clipboard-write"] });
      const { page } = watched;
      const one = await offer(page);
      await page.getByRole("button", { name: words.copy }).click();
      await page.getByRole("status").getByText(words.copied).waitFor();
      const lines = (await page.evaluate(() => navigator.clipboard.readText())).split(/\r?\n/);
      assert.equal(lines[0], words.title);
      const table = lines.filter((line) => line.includes("\t")).map((line) => line.split("\t"));
      assert.deepEqual(table, [words.head, ...(await items(page.locator("pq-statement")))]);
      const text = lines.join("\n");
      for (const part of [...words.about, words.discounted, yuan(one.total), yuan(one.received), rate(one.compound_rate)]) {
        assert.ok(text.includes(part), part);
      }
      for (const sentence of words.contingent) assert.ok(text.includes(sentence.split(" ").at(-1)), sentence);
      await watched.expectClean();
      await watched.close();
    });

    test("printed, it is alone, on A4, in black", async () => {
      const watched = await opened({ locale, colorScheme: "dark" });
      const { page } = watched;
      const one = await offer(page);
      await counted(page);
      await page.getByRole("button", { name: words.print }).click();
      assert.equal(await page.evaluate(() => globalThis.prints), 1);
      const paper = page.locator(".paper");
      assert.equal(await paper.isVisible(), false, "on paper only");
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      assert.deepEqual(await seenBesidePaper(page), []);
      const text = await paper.innerText();
      for (const part of [words.lender, words.title, ...words.about, words.discounted, yuan(one.total), words.plan]) {
        assert.ok(text.includes(part), part);
      }
      assert.deepEqual(await items(paper), await items(page.locator("pq-statement")));
      assert.deepEqual(await texts(paper.locator(".contingent li")), words.contingent);
      assert.equal(await paper.locator(".plan tbody tr").count(), one.instalments);
      const colours = await paper.evaluate((element) => [
        ...new Set(
          [element, ...element.querySelectorAll("*")]
            .filter((one) => one.checkVisibility())
            .flatMap((one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]),
        ),
      ]);
      assert.deepEqual(colours.sort(), ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]);
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)");
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
      const sheets = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
      assert.ok(sheets.length >= 1 && sheets.length <= 2, `${sheets.length} sheets`);
      for (const [, width, height] of sheets) assert.deepEqual([Math.round(width), Math.round(height)], [595, 842]);
      await watched.expectClean();
      await watched.close();
    });

    test("instalments that differ are not told as one figure", async () => {
      const watched = await asked({ locale });
      const { page } = watched;
      const { instalment, largest_instalment, level } = await offer(page);
      assert.ok(!level && largest_instalment > instalment);
      const limit = await page.locator(".limit .figure").innerText();
      const spoken = words.spoken
        .replace("{limit}", limit)
        .replace("{first}", yuan(instalment))
        .replace("{largest}", yuan(largest_instalment));
      await page.getByRole("status").getByText(spoken, { exact: true }).waitFor();
      await watched.close();
    });
  });
}

test("whichever way is taken, what is printed is the statement while it is open, and the page otherwise", async () => {
  const watched = await opened();
  const { page } = watched;
  const printing = () => page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  // The browser's own event, as from its menu.
  await page.pdf();
  await page.emulateMedia({ media: "print" });
  assert.deepEqual(await seenBesidePaper(page), []);
  // What is printed is what was chosen last.
  await page.locator("pq-flow").evaluate(({ flow }) => flow.choose({ term: 6 }));
  await printing();
  assert.equal(await page.locator(".paper .plan tbody tr").count(), 6);
  await page.emulateMedia({ media: "screen" });
  await opener(page, "pq-statement").click();
  await page.emulateMedia({ media: "print" });
  await printing();
  assert.equal(await page.locator(".paper").count(), 0);
  assert.notDeepEqual(await seenBesidePaper(page), []);
  // With the estimate the paper goes too.
  await page.emulateMedia({ media: "screen" });
  await opener(page, "pq-statement").click();
  await printing();
  assert.equal(await page.locator(".paper").count(), 1);
  await page.getByRole("button", { name: "Back", exact: true }).click();
  assert.equal(await page.locator(".paper").count(), 0);
  await watched.expectClean();
  await watched.close();
});

test("in a shop's dialog the frame prints it", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.shop}/`);
  await page.frameLocator("prequal-offer iframe[part=line]").locator("button").click();
  await page.frameLocator("prequal-offer dialog iframe").locator("pq-flow h2").waitFor();
  const frame = page.frames().find((one) => one.url().includes("view=flow"));
  await toEstimate(frame, STEADY);
  await openStatement(frame);
  await counted(frame);
  await frame.getByRole("button", { name: "Print", exact: true }).click();
  assert.equal(await frame.evaluate(() => globalThis.prints), 1);
  await page.emulateMedia({ media: "print" });
  assert.deepEqual(await seenBesidePaper(frame), []);
  assert.match(await frame.locator(".paper").innerText(), /¥2,999\.00/);
  assert.equal(await page.locator(".paper").count(), 0, "nothing of it in the shop's own page");
  await watched.expectClean({ typed: true });
  await watched.close();
});

test("where the browser does not print, it says what else can be done", async () => {
  const watched = await opened();
  const { page } = watched;
  await page.evaluate(() => {
    globalThis.print = () => {};
  });
  await page.getByRole("button", { name: "Print", exact: true }).click();
  await page.getByRole("status").getByText(WORDS.en.noPrint).waitFor();
  await expectAccessible(page, "a browser that does not print");
  // Once it does, the sentence goes.
  await counted(page);
  await page.getByRole("button", { name: "Print", exact: true }).click();
  await page.getByText(WORDS.en.noPrint).waitFor({ state: "detached" });
  await watched.close();
});

test("it is fetched when it is opened, with what the schedule needs too, which is fetched once", async () => {
  const watched = await asked();
  const { page, requests } = watched;
  const fetched = (pattern) => requests.filter((one) => pattern.test(one.url())).length;
  await page.waitForLoadState("networkidle");
  const later = /\/assets\/(statement-panel|schedule-panel|panel)-/;
  assert.equal(fetched(later), 0, "not before it is opened");
  await page.route(CHUNK, (route) => route.abort());
  await opener(page, "pq-statement").click();
  const statement = page.locator("details:has(pq-statement)");
  await statement.getByRole("alert").getByText("The network did not answer").waitFor();
  await page.unroute(CHUNK);
  await statement.getByRole("button", { name: "Try again" }).click();
  await statement.locator(".items tbody tr").first().waitFor();
  assert.equal(fetched(/\/assets\/panel-/), 1);
  await openSchedule(page);
  assert.equal(fetched(/\/assets\/panel-/), 1);
  assert.equal(fetched(/\/assets\/schedule-panel-/), 1);
  await watched.expectClean({ tolerate: [/Failed to load resource/] });
  await watched.close();
});

test("by keys it is opened, read and printed", async () => {
  const watched = await asked();
  const { page } = watched;
  await counted(page);
  await opener(page, "pq-statement").focus();
  await page.keyboard.press("Enter");
  await page.locator("pq-statement .items tbody tr").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => globalThis.prints), 1);
  await watched.expectClean();
  await watched.close();
});
