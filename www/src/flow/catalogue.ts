/** Loading policies and the words that go with them. */
import { loadEngine, Policy, type PolicyView } from "../engine.js";
import type { Lang } from "../texts/index.js";
import { fetchBytes, listPolicies, type PolicyEntry } from "./api.js";

/** The texts of a policy in one language, by flat key. */
export class PolicyTexts {
  constructor(private readonly byKey: Readonly<Record<string, string>>) {}

  /** The text, or `undefined` where the policy has none. */
  find(key: string): string | undefined {
    return Object.hasOwn(this.byKey, key) ? this.byKey[key] : undefined;
  }

  /** The text, or the last part of its key where the policy has none. */
  get(key: string): string {
    return this.find(key) ?? key.slice(key.lastIndexOf(".") + 1);
  }
}

/** A policy, ready to assess, with its words. */
export interface LoadedPolicy {
  entry: PolicyEntry;
  policy: Policy;
  view: PolicyView;
  words: PolicyTexts;
}

/** The service does not offer this policy. */
export class UnknownPolicy extends Error {}

/** What arrived is not what its hash names, or is not a policy that this engine reads. */
export class BrokenPolicy extends Error {}

export { listPolicies, type PolicyEntry };

/** The policy's words; in another of its languages where it does not speak this one. */
export async function loadWords(entry: PolicyEntry, lang: Lang): Promise<PolicyTexts> {
  const file = entry.languages[lang] ?? Object.values(entry.languages)[0];
  if (!file) throw new BrokenPolicy("no language");
  const bytes = await fetchBytes(file.url);
  await expectHash(bytes, file.hash);
  return new PolicyTexts(JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>);
}

/** Loads the engine, the policy and its words side by side. */
export async function loadPolicy(id: string, lang: Lang): Promise<LoadedPolicy> {
  const engine = loadEngine();
  // Awaited below; a policy that fails first must not leave this one unhandled.
  engine.catch(() => undefined);
  const entry = (await listPolicies()).find((one) => one.id === id);
  if (!entry) throw new UnknownPolicy(id);
  const [bytes, words] = await Promise.all([fetchBytes(entry.url), loadWords(entry, lang), engine]);
  let policy: Policy;
  try {
    policy = new Policy(bytes);
  } catch (cause) {
    throw new BrokenPolicy("the engine refused the policy", { cause });
  }
  const view = policy.describe();
  if (view.hash !== entry.hash) throw new BrokenPolicy("the policy is not the one listed");
  return { entry, policy, view, words };
}

/** What was shown is bound: the words are those that the policy names. Skipped without WebCrypto. */
async function expectHash(bytes: Uint8Array<ArrayBuffer>, hash: string): Promise<void> {
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== hash) throw new BrokenPolicy("the words are not those that the policy names");
}
