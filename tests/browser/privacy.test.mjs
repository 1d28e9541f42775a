// RAW STAYS HOME, seen from the wire: two borrowers whose answers differ but fall into the same
// cells make the same summaries and requests of the same lengths.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, decode, forward, service, STEADY, toEstimate, watchedPage } from "./support.mjs";

/** Other answers than `STEADY`, in the same cells. */
const SAME_CELLS = [
  { birth: "1987-01-15", housing: "rent", address_months: "14", vehicle: "true" },
  { work: "public", job_months: "36", income: "11999" },
  { household: "5800", debts: "999", repayment: "on_time" },
];

/** One answer in another cell. */
const OTHER_CELL = [STEADY[0], { ...STEADY[1], income: "12000" }, STEADY[2]];

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

async function run(groups) {
  const watched = await watchedPage(chrome, served, { locale: "en" });
  const { page } = watched;
  await page.goto(`${served.lender}/?policy=instalment`);
  await toEstimate(page, groups);
  await forward(page);
  await forward(page);
  await page.locator(".reference").waitFor();
  await watched.expectClean();
  const asked = watched.requests
    .map((one) => `${one.method()} ${one.url()} ${String(one.postDataBuffer()?.length ?? 0)}`)
    .sort();
  const submission = JSON.parse(watched.posted("/v1/submissions")[0]).submission;
  const [challenge] = watched.posted("/v1/challenges");
  await watched.close();
  return { asked, challenge, submission, ...decode(submission) };
}

test("the same cells make the same summary and requests of the same lengths", async () => {
  const one = await run(STEADY);
  const other = await run(SAME_CELLS);
  assert.equal(JSON.stringify(one.payload.summary), JSON.stringify(other.payload.summary));
  assert.deepEqual(one.asked, other.asked, "the same requests, byte for byte as long");
  assert.equal(String(one.challenge), String(other.challenge));
  assert.equal(one.submission.length, other.submission.length);
  // Beside the summary only what is random or the device's differs.
  const differing = Object.keys(one.payload).filter(
    (member) => JSON.stringify(one.payload[member]) !== JSON.stringify(other.payload[member]),
  );
  assert.deepEqual(differing.sort(), ["answers", "challenge"]);
  const commitments = [one, other].map(({ payload }) => payload.answers._sd);
  assert.equal(commitments[0].length, commitments[1].length);
  assert.equal(new Set(commitments.flat()).size, commitments.flat().length, "no commitment repeats");
});

test("another cell makes another summary", async () => {
  const [one, other] = [await run(STEADY), await run(OTHER_CELL)];
  assert.notEqual(JSON.stringify(one.payload.summary), JSON.stringify(other.payload.summary));
});
