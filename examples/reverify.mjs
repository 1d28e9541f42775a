// Re-verifies a submission in a back end that is not ours: from the compiled policy and the bytes that the borrower
// sent, to the same decision. Needs Node 20 and the package `prequal`.
//
//     node reverify.mjs instalment.policy submission.jws https://lender.example pk_test_demo

import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { Policy } from "prequal";
import { open } from "prequal/sealing";

/** Checks an ES256 signature; a key that is not on the curve throws, which counts as false. */
function es256({ x, y }, message, signature) {
  const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
}

const [policy, submission, audience, partner] = argv.slice(2);
if (partner === undefined) {
  console.error("use: node reverify.mjs POLICY SUBMISSION AUDIENCE PARTNER");
  exit(2);
}
const opened = open(
  new Policy(readFileSync(policy)),
  readFileSync(submission, "utf8").trim(),
  { audience, partner },
  es256,
);
if (opened.status !== "ok") {
  console.error(opened.code);
  exit(1);
}
console.log(JSON.stringify(opened.decision));
