/**
 * One try at submitting: challenge, recompute, seal, sign, send. This file and the module that seals are fetched when
 * the borrower agrees to send, not before.
 */
import initSealing, { attach, seal } from "prequal/sealing";
import type { Answers, Policy, Request, SummaryFields } from "../engine.js";
import { ApiError, postChallenge, postSubmission, type Receipt } from "./api.js";
import { deviceKey, hasCrypto } from "./device-key.js";

/** A signed submission whose answer did not arrive: sent again byte for byte, so it counts once. */
export interface Unanswered {
  challenge: string;
  partner: string;
  submission: string;
}

export type Submitted =
  | { kind: "answered"; receipt: Receipt }
  /** By the challenge's date the summary differs from the one shown; nothing was sent. */
  | { kind: "changed"; asOf: string }
  /** By the challenge's date an answer no longer holds; nothing was sent. */
  | { kind: "invalid"; asOf: string }
  | { kind: "refused"; code: string; retry: boolean; unanswered?: Unanswered };

export interface Wish {
  policy: Policy;
  hash: string;
  currency: string;
  partner: string;
  answers: Answers;
  request: Request;
  /** The summary that the borrower has read and agreed to send. */
  shown: SummaryFields;
}

export async function submit(wish: Wish): Promise<Submitted> {
  if (!hasCrypto()) return { kind: "refused", code: "no_crypto", retry: false };
  const { policy, partner, answers, request } = wish;
  try {
    const [challenge] = await Promise.all([
      postChallenge({ partner, policy: wish.hash, amount: request.amount, currency: wish.currency }),
      initSealing().catch(() => {
        throw new ApiError("network", true);
      }),
    ]);
    const now = policy.summarise(answers, request, challenge.as_of);
    if (now.status === "invalid") return { kind: "invalid", asOf: challenge.as_of };
    if (!sameSummary(now.summary, wish.shown)) return { kind: "changed", asOf: challenge.as_of };
    const key = await deviceKey().catch(() => undefined);
    if (!key) return { kind: "refused", code: "no_key", retry: true };
    const sealed = seal(
      policy,
      answers,
      request,
      challenge.as_of,
      { audience: challenge.audience, partner, challenge: challenge.challenge },
      key.coordinates,
    );
    if (sealed.status !== "ok") return { kind: "refused", code: "other", retry: true };
    const submission = attach(sealed.signing_input, await key.sign(sealed.signing_input));
    if (submission === undefined) return { kind: "refused", code: "other", retry: true };
    return await send({ challenge: challenge.challenge, partner, submission });
  } catch (error) {
    return refusal(error);
  }
}

/** Sends what is signed; also what was sent before and got no answer. */
export async function send(body: Unanswered): Promise<Submitted> {
  try {
    const receipt = await postSubmission(body);
    return { kind: "answered", receipt };
  } catch (error) {
    const refused = refusal(error);
    const silent = refused.code === "network" || refused.code === "unavailable";
    return silent ? { ...refused, unanswered: body } : refused;
  }
}

function refusal(error: unknown): { kind: "refused"; code: string; retry: boolean } {
  if (error instanceof ApiError) return { kind: "refused", code: error.code, retry: error.retry };
  return { kind: "refused", code: "other", retry: true };
}

/** Both come from the same engine, whose members stand in one order. */
function sameSummary(one: SummaryFields, other: SummaryFields): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
