import { readFileSync, readdirSync } from "node:fs";
import { env } from "node:process";
import { pathToFileURL } from "node:url";

/** The compiled policies. */
export const policies = pathToFileURL(`${env.PREQUAL_POLICIES ?? "target/policies"}/`);

/** What the native engine computed for the policies' own cases and for random ones. */
export const cases = pathToFileURL(`${env.PREQUAL_CASES ?? "target/cases"}/`);

/** The names of the policies that have cases. */
export const names = readdirSync(cases)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => file.slice(0, -".jsonl".length))
  .sort();

/** The cases of a policy. */
export function read(name) {
  const lines = readFileSync(new URL(`${name}.jsonl`, cases), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}
