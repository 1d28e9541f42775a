/** What the page asks of the lender's service: the same origin, and these addresses only. */
import type { Decision } from "../engine.js";

/** A compiled policy and its language files as the service lists them. */
export interface PolicyEntry {
  id: string;
  version: string;
  hash: string;
  url: string;
  languages: Record<string, { hash: string; url: string }>;
}

/** What a submission has to answer, within `expires_in` seconds. */
export interface Challenge {
  challenge: string;
  as_of: string;
  expires_in: number;
  audience: string;
}

/** The service's decision on a submission. */
export interface Receipt {
  decision: Decision;
  reference: string;
  received_at: string;
  duplicate: boolean;
}

/** A refusal by the service, or its silence (`network`). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly retry: boolean,
  ) {
    super(code);
  }
}

async function ask(url: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", ...init });
  } catch {
    throw new ApiError("network", true);
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { code?: unknown; retry?: unknown } }
    | undefined;
  const code = body?.error?.code;
  if (typeof code === "string") throw new ApiError(code, body?.error?.retry === true);
  throw new ApiError(response.status >= 500 ? "unavailable" : "other", response.status >= 500);
}

/** The body of an answer; one that breaks off is as good as none. */
async function read<T>(body: Promise<T>): Promise<T> {
  return body.catch(() => {
    throw new ApiError("network", true);
  });
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await ask(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return read(response.json() as Promise<T>);
}

export async function listPolicies(): Promise<PolicyEntry[]> {
  const response = await ask("/v1/policies");
  return (await read(response.json() as Promise<{ policies: PolicyEntry[] }>)).policies;
}

export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await read((await ask(url)).arrayBuffer()));
}

export function postChallenge(body: {
  partner: string;
  policy: string;
  amount: number;
  currency: string;
}): Promise<Challenge> {
  return post("/v1/challenges", body);
}

export function postSubmission(body: {
  challenge: string;
  partner: string;
  submission: string;
}): Promise<Receipt> {
  return post("/v1/submissions", body);
}
