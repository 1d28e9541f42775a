// A submission sealed as a browser does it is opened by both examples for back ends that are not ours: in Node with the
// package and in Rust with the crate.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Policy } from "../../../pkg/node.mjs";
import { attach, seal } from "../../../pkg/sealing-node.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const policies = process.env.PREQUAL_POLICIES ?? here("../../../target/policies");
const policyFile = join(policies, "instalment.policy");
const LENDER = "https://lender.example";
const PARTNER = "pk_test_demo";
const AS_OF = "2026-11-22";

let folder;
let sealed;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "prequal-reverify-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(here("../../../pkg"), join(folder, "node_modules/prequal"), "junction");
  copyFileSync(here("../../../examples/reverify.mjs"), join(folder, "reverify.mjs"));
  sealed = await submit();
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** The least answer to each question and the least request, sealed and signed by a fresh WebCrypto key. */
async function submit() {
  const policy = new Policy(readFileSync(policyFile));
  const { questions, products } = policy.describe();
  const least = {
    choice: ({ options }) => options[0],
    boolean: () => false,
    date: ({ minimum }) => new Date(minimum * 86_400_000).toISOString().slice(0, 10),
  };
  const answer = (question) => (least[question.kind] ?? (({ minimum }) => minimum))(question);
  const answers = Object.fromEntries(questions.map((question) => [question.id, answer(question)]));
  const request = { product: products[0].id, amount: products[0].minimum, term: products[0].terms[0] };
  const recipient = { audience: LENDER, partner: PARTNER, challenge: "AAAA" };

  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const draft = seal(policy, answers, request, AS_OF, recipient, { x, y });
  assert.equal(draft.status, "ok");
  const message = new TextEncoder().encode(draft.signing_input);
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, message));
  assert.equal(attach(draft.signing_input, signature.subarray(1)), undefined);

  const { summary } = policy.summarise(answers, request, AS_OF);
  const { decision } = policy.assess(summary);
  return { token: attach(draft.signing_input, signature), decision };
}

function reverify(program, args, token, partner = PARTNER) {
  const file = join(folder, "submission.jws");
  writeFileSync(file, token);
  const options = { encoding: "utf8", cwd: here("../../..") };
  return spawnSync(program, [...args, policyFile, file, LENDER, partner], options);
}

const node = (...rest) => reverify("node", [join(folder, "reverify.mjs")], ...rest);
const cargo = process.env.CARGO ?? "cargo";
const rust = (...rest) => reverify(cargo, ["run", "--quiet", "--example", "reverify", "--"], ...rest);

for (const [name, run] of [
  ["Node", node],
  ["Rust", rust],
]) {
  test(`a back end in ${name} recomputes the decision`, () => {
    const { stdout, stderr, status } = run(sealed.token);
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), sealed.decision);
  });

  test(`a back end in ${name} refuses what was made for another partner, or altered`, () => {
    const other = run(sealed.token, "pk_other");
    assert.equal(other.status, 1);
    assert.match(other.stderr, /partner_mismatch/);
    const [header, payload, signature] = sealed.token.split(".");
    const altered = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
    const forged = run([header, payload, altered].join("."));
    assert.equal(forged.status, 1);
    assert.match(forged.stderr, /bad_signature/);
  });
}
