import init, { Applicant, Policy } from "prequal";
import initSealing, { attach, seal, type KeyCoordinates } from "prequal/sealing";

export async function limit(bytes: Uint8Array, answers: Record<string, number | string | boolean>): Promise<number> {
  await init();
  const policy = new Policy(bytes);
  const answer = policy.summarise(answers, { product: "basket", amount: 299900, term: 12 }, "2026-11-22");
  if (answer.status !== "ok") throw new Error(answer.errors.map((error) => `${error.field}: ${error.code}`).join());
  const assessed = policy.assess(answer.summary);
  if (assessed.status !== "ok") return 0;
  const eligibility: "eligible" | "review" | "not_eligible" = assessed.decision.eligibility;
  return eligibility === "not_eligible" ? 0 : (assessed.decision.limit?.amount ?? 0);
}

export function verdict(policy: Policy): number {
  const applicant = new Applicant(policy, "2026-11-22");
  applicant.set(0, 1);
  applicant.request(0, 12, 299900);
  return applicant.assess() + applicant.packed().length;
}

export function atMost(policy: Policy): number {
  const applicant = new Applicant(policy, "2026-11-22");
  const { most, certain } = applicant.outlook() ?? { most: 0, certain: ["EARLY_WARNING"] };
  const page = policy.describe().groups.findIndex(({ opener }) => opener !== undefined);
  return certain.length > 0 ? 0 : Math.max(most, applicant.prospect(page));
}

export async function submission(policy: Policy, key: KeyCoordinates, signature: Uint8Array): Promise<string> {
  await initSealing();
  const recipient = { audience: "https://lender.example", partner: "pk_test_demo", challenge: "AAAA" };
  const request = { product: "basket", amount: 299900, term: 12 };
  const sealed = seal(policy, { age: 34 }, request, "2026-11-22", recipient, key);
  if (sealed.status === "invalid") throw new Error(sealed.errors.map((error) => error.field).join());
  if (sealed.status === "error") throw new Error(sealed.error.code);
  return attach(sealed.signing_input, signature) ?? "";
}
