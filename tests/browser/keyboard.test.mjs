// Without a pointer: the whole flow, the way to a person and the widget by keys alone; and nothing
// moves for those who asked for no motion.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, service, watchedPage } from "./support.mjs";

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

/** The element that has the focus, through shadow roots: its selector-like name, and its outline. */
function focused(frame) {
  return frame.evaluate(() => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    const outlined = (element) => element !== null && getComputedStyle(element).outlineStyle !== "none";
    return {
      name: `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ""}[${one.getAttribute("name") ?? ""}]${one.className ? `.${one.className}` : ""}`,
      text: one.textContent.trim(),
      seen: outlined(one) || outlined(one.closest(".input, .card-option")),
    };
  });
}

/** Presses Tab until something with such a name or text has the focus, which has to be visible on the way. */
async function tabTo(page, wanted, frame = page) {
  const passed = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(frame);
    passed.push(at.name);
    if (!wanted.test(at.name) && !wanted.test(at.text)) continue;
    assert.ok(at.seen, `the focus is seen on ${at.name}`);
    return;
  }
  assert.fail(`Tab does not reach ${wanted}; it passed ${passed.join(", ")}`);
}

/** Waits for the next screen, whose heading takes the focus. */
async function screen(frame, heading) {
  await frame.waitForFunction((text) => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one.tagName === "H2" && one.textContent.trim() === text;
  }, heading);
}

/** From the first step to the answer, by keys. */
async function wholeFlow(page, frame) {
  await tabTo(page, /^Continue$/, frame);
  await page.keyboard.press("Enter");
  await screen(frame, "About you");
  await tabTo(page, /#q-birth/, frame);
  await page.keyboard.type("05011988");
  await tabTo(page, /q-housing/, frame);
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, /#q-address_months/, frame);
  await page.keyboard.type("30");
  await page.keyboard.press("Enter");
  await screen(frame, "Work and income");
  await tabTo(page, /q-work/, frame);
  await page.keyboard.press("Space");
  await tabTo(page, /#q-job_months/, frame);
  await page.keyboard.type("50");
  await tabTo(page, /#q-income/, frame);
  await page.keyboard.type("8350");
  await page.keyboard.press("Enter");
  await screen(frame, "Spending and repayments");
  await tabTo(page, /#q-household/, frame);
  await page.keyboard.type("2500");
  await tabTo(page, /#q-debts/, frame);
  await page.keyboard.type("600");
  await tabTo(page, /q-repayment/, frame);
  await page.keyboard.press("Space");
  await tabTo(page, /^Continue$/, frame);
  await page.keyboard.press("Enter");
  await screen(frame, "You qualify so far");
  await tabTo(page, /^summary/, frame);
  await page.keyboard.press("Enter");
  await tabTo(page, /^See what will be sent$/, frame);
  await page.keyboard.press("Enter");
  await screen(frame, "This will be sent, and nothing else");
  await tabTo(page, /^Agree and send$/, frame);
  await page.keyboard.press("Enter");
  await screen(frame, "You qualify so far");
}

test("the borrower's page by keys alone", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/`);
  await page.locator(".choices a").first().waitFor();
  await tabTo(page, /^Pay by instalments/);
  await page.keyboard.press("Enter");
  await page.locator("#s-amount").waitFor();
  await tabTo(page, /#s-amount/);
  await page.keyboard.press("ArrowRight");
  await wholeFlow(page, page);

  await tabTo(page, /^Ask a person$/);
  await page.keyboard.press("Enter");
  await page.locator("dialog.person[open]").waitFor();
  await tabTo(page, /^400-000-0000$/);
  await page.keyboard.press("Escape");
  await page.locator("dialog.person[open]").waitFor({ state: "detached" });
  assert.equal((await focused(page)).text, "Ask a person", "the focus is back where it was");
  await watched.expectClean();
  await watched.close();
});

test("the widget by keys alone", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.shop}/`);
  await page.frameLocator("prequal-offer iframe[part=line]").locator("button").waitFor();
  const frame = (view) => page.frames().find((one) => one.url().includes(`view=${view}`));
  await tabTo(page, /^button.*line/, frame("line"));
  await page.keyboard.press("Enter");
  await page.frameLocator("prequal-offer dialog iframe").locator("pq-flow h2").waitFor();
  await wholeFlow(page, frame("flow"));
  await tabTo(page, /^Done$/, frame("flow"));
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  // The focus is back on the line.
  await page.waitForFunction(
    () => document.activeElement.shadowRoot?.activeElement?.part.contains("line"),
  );
  await watched.expectClean();
  await watched.close();
});

test("an answer that takes its time shifts nothing", async () => {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  // What comes later than half a second after a key counts as unexpected.
  await page.route("**/v1/submissions", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await page.goto(`${served.lender}/?policy=instalment`);
  await page.locator("#s-amount").waitFor();
  await wholeFlow(page, page);
  await watched.expectClean();
  await watched.close();
});

test("nothing moves for those who asked for no motion", async () => {
  for (const [reducedMotion, moves] of [["reduce", false], ["no-preference", true]]) {
    const watched = await watchedPage(chrome, served, { locale: "en", reducedMotion });
    const { page } = watched;
    await page.goto(`${served.lender}/?policy=instalment`);
    await page.locator("pq-flow h2").waitFor();
    const durations = await page.evaluate(() => {
      const all = (root) =>
        [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
      return all(document).flatMap((one) => {
        const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(one);
        return [transitionDuration, animationDuration, scrollBehavior];
      });
    });
    const still = durations.every((one) => /^(0s(, 0s)*|auto)$/.test(one));
    assert.equal(still, !moves, reducedMotion);
    await watched.close();
  }
});
