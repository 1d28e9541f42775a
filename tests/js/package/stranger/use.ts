import init, { Applicant, Policy, attach } from "prequal";

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

export const token: string | undefined = attach("header.payload", new Uint8Array(64));
