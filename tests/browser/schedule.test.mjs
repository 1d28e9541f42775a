// The schedule: fetched when it is opened, drawn, told in words, a row at a time by keys and thumb, beside another
// term's, copied and downloaded. Its figures are held against the engine's rows.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import {
  browser,
  expectAccessible,
  expectFits,
  expectLargeTargets,
  expectNothingCut,
  opener,
  openSchedule,
  service,
  STEADY,
  toEstimate,
  watchedPage,
} from "./support.mjs";

const BOM = "\uFEFF";

/** The chunk that is fetched when the schedule is opened. */
const CHUNK = /\/assets\/schedule-[\w-]+\.js$/;

const WORDS = {
  "zh-CN": {
    header: ["期数", "还款日", "还款额", "本金", "利息", "剩余本金"],
    copy: "复制表格",
    copied: "已复制，可以粘贴到聊天或表格里。",
    download: "下载表格（CSV）",
    file: "购物分期_500-CNY_12-个月.csv",
    says: /^共 12 期，从\d{4}年\d+月\d+日到\d{4}年\d+月\d+日：首期 (¥[\d,.]+)，最多的一期 (¥[\d,.]+)，末期 (¥[\d,.]+)，利息共 (¥[\d,.]+)。$/,
  },
  en: {
    header: ["No.", "Due", "Payment", "Principal", "Interest", "Left to pay"],
    copy: "Copy the table",
    copied: "Copied. You can paste it into a message or a spreadsheet.",
    download: "Download it (CSV)",
    file: "Basket-by-instalments_500-CNY_12-months.csv",
    says: /^12 payments from \w+ \d+, \d{4} to \w+ \d+, \d{4}: the first (¥[\d,.]+), the largest (¥[\d,.]+), the last (¥[\d,.]+), (¥[\d,.]+) interest in all\.$/,
  },
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

/** A page with the estimate of a steady renter, and the schedule open. */
async function opened(options = {}) {
  const watched = await watchedPage(chrome, served, { locale: "en", ...options });
  await watched.page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(watched.page, STEADY);
  await openSchedule(watched.page);
  return watched;
}

/** The offer and its rows as the engine gives them. */
function engine(page) {
  return page.locator("pq-flow").evaluate(({ flow }) => ({ offer: flow.offer(), rows: flow.schedule(flow.offer()).rows }));
}

/** Shows rows of any plan: as many as `parts` has, of so much principal and interest in minor units. */
async function show(page, parts) {
  const rows = [];
  let balance = parts.reduce((sum, [principal]) => sum + principal, 0);
  for (const [at, [principal, interest]] of parts.entries()) {
    balance -= principal;
    const due = new Date(Date.UTC(2027, at, 20)).toISOString().slice(0, 10);
    rows.push({ number: at + 1, due, payment: principal + interest, principal, interest, balance });
  }
  const shown = { status: "ok", rows, interest: parts.reduce((sum, [, interest]) => sum + interest, 0), prepayment_fee: 0 };
  await page.locator("pq-flow").evaluate((element, shown) => {
    element.flow.schedule = () => shown;
    element.requestUpdate();
  }, shown);
  await page.locator(`#s-row[max="${rows.length}"]`).waitFor();
  return rows;
}

const yuan = (minor) => `¥${(minor / 100).toLocaleString("en", { minimumFractionDigits: 2 })}`;
const plain = ({ number, due, ...row }) => [
  String(number),
  due,
  ...[row.payment, row.principal, row.interest, row.balance].map((minor) => (minor / 100).toFixed(2)),
];

/** The rectangles of a part's bars: x, width and height in CSS pixels. */
async function bars(page, part) {
  const d = await page.locator(`.picture > svg > path.${part}`).getAttribute("d");
  return [...d.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v-([\d.]+)/g)].map(([, x, bottom, width, height]) => ({
    x: Number(x),
    bottom: Number(bottom),
    width: Number(width),
    height: Number(height),
  }));
}

for (const [locale, words] of Object.entries(WORDS)) {
  describe(`in ${locale}`, () => {
    test("an extra payment is drawn beside it and told", async () => {
      const watched = await opened({ locale });
      const { page } = watched;
      const slider = page.locator("#s-extra");
      await slider.focus();
      await slider.press("PageUp");
      const amount = Number(await slider.inputValue());
      assert.ok(amount > 0);
      const sooner = await page.locator("pq-flow").evaluate(
        ({ flow }, amount) => flow.schedule(flow.offer(), { with: 1, amount }),
        amount,
      );
      const { offer, rows } = await engine(page);
      assert.ok(sooner.interest < offer.interest && sooner.rows[0].payment === rows[0].payment + amount);
      const paid = sooner.rows.filter(({ payment }) => payment > 0);
      const said = await page.locator("figcaption .dashed").innerText();
      for (const part of [yuan(sooner.interest), yuan(paid.at(-1).payment), String(paid.length)]) {
        assert.ok(said.includes(part), `${part} in ${said}`);
      }
      // With the last instalment nothing is left to pay early.
      await page.locator("#s-row").press("End");
      assert.equal(await slider.count(), 0);
      await watched.expectClean();
      await watched.close();
    });

    test("the picture says what the engine's rows are", async () => {
      const watched = await opened({ locale });
      const { page } = watched;
      const { offer, rows } = await engine(page);
      const picture = page.getByRole("img", { name: words.says });
      assert.equal(await picture.count(), 1, await page.locator("figcaption").innerText());
      const [, ...figures] = words.says.exec((await page.locator("figcaption").innerText()).trim());
      const largest = Math.max(...rows.map((row) => row.payment));
      assert.deepEqual(figures, [rows[0].payment, largest, rows.at(-1).payment, offer.interest].map(yuan));
      const [principal, interest] = [await bars(page, "principal"), await bars(page, "interest")];
      assert.equal(principal.length, rows.length);
      for (const [at, row] of rows.entries()) {
        const [below, above] = [principal[at], interest[at]];
        assert.ok(above.bottom < below.bottom - below.height, "interest stands on principal");
        const ratio = below.height / principal[0].height;
        assert.ok(Math.abs(ratio - row.principal / rows[0].principal) < 0.01, `row ${at + 1} has its height`);
      }
      await watched.expectClean();
      await watched.close();
    });

    test("it stands in every scheme", async () => {
      for (const options of [{}, { viewport: { width: 320, height: 568 } }, { forcedColors: "active" }]) {
        const watched = await opened({ locale, ...options });
        const { page } = watched;
        await page.locator(".terms button").last().click();
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

    test("copied and downloaded, it holds the engine's rows", async () => {
      const watched = await opened({ locale, permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true });
      const { page } = watched;
      const { rows } = await engine(page);
      const expected = [words.header, ...rows.map(plain)];
      await page.getByRole("button", { name: words.copy }).click();
      await page.getByRole("status").getByText(words.copied).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.deepEqual(text.split(/\r?\n/).map((line) => line.split("\t")), expected);
      assert.equal(await page.getByRole("button", { name: words.copy }).count(), 0);
      await page.locator("#s-amount").press("ArrowRight");
      await page.getByRole("button", { name: words.copy }).waitFor();
      await page.locator("#s-amount").press("ArrowLeft");

      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: words.download }).click();
      const download = await downloading;
      assert.equal(download.suggestedFilename(), words.file);
      const csv = await readFile(await download.path(), "utf8");
      assert.ok(csv.startsWith(BOM), "a byte order mark");
      assert.ok(csv.endsWith("\r\n") && !/[^\r]\n|"/.test(csv), "lines end with CRLF, and no field needs quotes");
      assert.deepEqual(csv.slice(1, -2).split("\r\n").map((line) => line.split(",")), expected);
      await watched.expectClean();
      await watched.close();
    });
  });
}

test("it is fetched when it is opened, and again when that failed", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page, requests } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await page.waitForLoadState("networkidle");
  assert.ok(!requests.some((one) => CHUNK.test(one.url())), "not before it is opened");
  await page.route(CHUNK, (route) => route.abort());
  await opener(page, "pq-schedule").click();
  await page.getByRole("alert").getByText("The network did not answer").waitFor();
  await expectAccessible(page, "a chunk that did not arrive");
  await expectLargeTargets(page, "a chunk that did not arrive");
  await page.unroute(CHUNK);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".plan tbody tr").first().waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await watched.expectClean({ tolerate: [/Failed to load resource/] });
  await watched.close();
});

test("on a slow line it says that it is coming, and shifts nothing", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.route(CHUNK, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, STEADY);
  await opener(page, "pq-schedule").click();
  await page.locator("pq-schedule").getByText("Getting ready…").waitFor();
  await page.locator(".plan tbody tr").first().waitFor();
  assert.equal(await page.locator("pq-schedule").getByText("Getting ready…").isVisible(), false);
  await watched.expectClean();
  await watched.close();
});

test("a row is picked by keys and by thumb, and read out once it rests", async () => {
  const watched = await opened({ hasTouch: true });
  const { page } = watched;
  const { rows } = await engine(page);
  const said = page.locator(".row-in-words");
  const sentence = ({ number, payment, principal, interest, balance }) =>
    new RegExp(
      `^No\\. ${number}, \\w+ \\d+, \\d{4}: ${[payment, principal, interest, balance].map(yuan).join(".*")} is left to pay\\.$`.replaceAll(
        ".00",
        "\\.00",
      ),
    );
  assert.match(await said.innerText(), sentence(rows[0]));
  const range = page.getByLabel("Payment number", { exact: true });
  await range.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await said.innerText(), sentence(rows[1]));
  await page.keyboard.press("End");
  assert.match(await said.innerText(), sentence(rows[11]));
  await page.getByRole("button", { name: "Less: Payment number" }).tap();
  assert.match(await said.innerText(), sentence(rows[10]));
  await page.getByRole("status").getByText(/^No\. 11, /).waitFor();

  const box = await page.locator(".picture").boundingBox();
  await page.mouse.move(box.x + box.width * (4.5 / 12), box.y + box.height / 2);
  await page.mouse.down();
  assert.match(await said.innerText(), sentence(rows[4]));
  await page.mouse.move(box.x + box.width * 2, box.y);
  assert.match(await said.innerText(), sentence(rows[11]));
  await page.mouse.up();
  await page.mouse.move(box.x + 1, box.y);
  assert.match(await said.innerText(), sentence(rows[11]), "nothing is picked in passing");

  // A shorter plan has no such row.
  await page.getByRole("button", { name: "Less: Term" }).click();
  assert.match(await said.innerText(), /^No\. 6, /);
  await watched.expectClean();
  await watched.close();
});

test("another term is drawn and told beside the one chosen", async () => {
  const watched = await opened();
  const { page } = watched;
  const ofBasket = async () => {
    const all = await page.locator("pq-flow").evaluate(({ flow }) => flow.estimate.decision.offers);
    return all.filter((one) => one.product === "basket");
  };
  const offers = await ofBasket();
  const lines = page.locator(".terms tbody tr");
  assert.equal(await lines.count(), offers.length);
  for (const one of offers) {
    const line = lines.filter({ has: page.getByText(`${one.term} months`, { exact: true }) });
    const rate = `${Number((one.simple_rate / 10_000).toFixed(2))}%`;
    assert.deepEqual(await line.locator("td").allInnerTexts(), [yuan(one.instalment), yuan(one.interest), rate]);
  }
  assert.equal(await page.locator("path.beside").count(), 0);
  await page.getByRole("button", { name: "24 months" }).click();
  assert.equal(await page.locator("path.beside").count(), 2);
  assert.equal((await bars(page, "principal")).length, 12, "the bars are those of the term chosen");
  assert.equal(await page.getByRole("img", { name: /^12 payments from .* Dashed, ¥500 over 24 months: 24 payments from / }).count(), 1);
  const width = await page.locator(".picture").evaluate((one) => one.clientWidth);
  const last = (await bars(page, "principal")).at(-1);
  assert.ok(last.x + last.width <= width / 2 + 1, "both have the same scale");
  // The term that was compared with is chosen: nothing is beside itself.
  await page.getByRole("button", { name: "More: Term" }).click();
  assert.equal(await page.locator("path.beside").count(), 0);
  assert.equal(await page.locator(".plan tbody tr").count(), 24);

  // As much as this term can have, which the others cannot.
  await page.getByLabel("Amount", { exact: true }).press("End");
  const amounts = (await ofBasket()).map((one) => one.amount);
  assert.ok(new Set(amounts).size > 1, amounts.join(", "));
  const shown = await page.locator('.terms td[data-label="Loan"]').allInnerTexts();
  assert.deepEqual(shown, amounts.map((amount) => yuan(amount).replace(".00", "")));
  await expectNothingCut(page, "terms of different amounts");
  await watched.expectClean();
  await watched.close();
});

test("every number of rows fits, and the season is seen", async () => {
  for (const width of [180, 320, 360]) {
    const watched = await opened({ viewport: { width, height: 640 } });
    const { page } = watched;
    for (const count of [3, 12, 36, 60, 480]) {
      await show(page, Array.from({ length: count }, (_, at) => [10_000 + at, 5_000]));
      const room = await page.locator(".picture").evaluate((one) => one.clientWidth);
      const all = await bars(page, "principal");
      assert.equal(all.length, count);
      for (const [at, bar] of all.entries()) {
        assert.ok(bar.width > 0 && bar.x + bar.width <= room + 0.01, `bar ${at + 1} of ${count} at ${width} px`);
      }
      const labels = await page.locator(".picture text").evaluateAll((texts) =>
        texts.map((text) => [text.getBoundingClientRect().left, text.getBoundingClientRect().right]),
      );
      assert.ok(labels.length > 0, `${count} rows at ${width} px have dates`);
      for (const [at, [left]] of labels.entries()) {
        assert.ok(at === 0 || left > labels[at - 1][1], `labels of ${count} rows at ${width} px stand apart`);
      }
      await expectNothingCut(page, `${count} rows at ${width} px`);
      await expectFits(page, `${count} rows at ${width} px`);
    }
    // Interest only from January to March, nothing in June, the rest level.
    const rows = await show(
      page,
      Array.from({ length: 36 }, (_, at) => (at % 12 < 3 ? [0, 900] : at % 12 === 5 ? [0, 0] : [20_000, 900])),
    );
    const [principal, interest] = [await bars(page, "principal"), await bars(page, "interest")];
    assert.equal(principal.length, rows.filter((row) => row.principal > 0).length);
    assert.equal(interest.length, rows.filter((row) => row.payment > 0).length);
    assert.match(await page.locator("figcaption").innerText(), /; 9 are interest only; nothing is due in 3 periods\.$/);
    await watched.close();
  }
});

describe("where the clipboard is denied", () => {
  test("a frame in a shop's page copies what is selected", async () => {
    const watched = await watchedPage(chrome, served, { locale: "en" });
    const { page } = watched;
    await page.context().grantPermissions(["clipboard-read"], { origin: served.shop });
    await page.goto(`${served.shop}/`);
    await page.frameLocator("prequal-offer iframe[part=line]").locator("button").click();
    await page.frameLocator("prequal-offer dialog iframe").locator("pq-flow h2").waitFor();
    const frame = page.frames().find((one) => one.url().includes("view=flow"));
    await toEstimate(frame, STEADY);
    await openSchedule(frame);
    const { rows } = await engine(frame);
    await frame.getByRole("button", { name: WORDS.en.copy }).click();
    await frame.getByRole("status").getByText(WORDS.en.copied).waitFor();
    await frame.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(await frame.locator("textarea").count(), 0);
    await page.bringToFront();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(text.split(/\r?\n/).map((line) => line.split("\t")), [WORDS.en.header, ...rows.map(plain)]);
    // What Chromium tells the shop's developer. On a busy machine a frame hears of a click so late that what the click
    // opens counts as a shift; shifts are held in the page's own tests.
    const told = [/The Clipboard API has been blocked because of a permissions policy/];
    await watched.expectClean({ tolerate: told, typed: true });
    await watched.close();
  });

  test("altogether, the borrower copies", async () => {
    const watched = await opened();
    const { page } = watched;
    const { rows } = await engine(page);
    await page.evaluate(() => {
      document.execCommand = () => false;
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied", "NotAllowedError"));
    });
    await page.getByRole("button", { name: WORDS.en.copy }).click();
    await page.getByText("please copy it yourself").waitFor();
    const area = page.locator("textarea");
    const [value, selected] = await area.evaluate((one) => [one.value, one.selectionEnd - one.selectionStart]);
    assert.equal(selected, value.length, "all of it is selected");
    assert.deepEqual(value.split("\n").map((line) => line.split("\t")), [WORDS.en.header, ...rows.map(plain)]);
    assert.ok(await area.evaluate((one) => one === one.getRootNode().activeElement), "and is where the focus is");
    await expectAccessible(page, "copied by hand");
    await expectNothingCut(page, "copied by hand");
    await watched.expectClean();
    await watched.close();
  });
});
