import { shells, type Shell } from "./shell.js";
import type { Texts } from "./zh-CN.js";

export { shells, type Shell, type Texts };

export type Lang = keyof typeof shells;

/** The languages of the interface, first the one to fall back to. */
export const languages = ["zh-CN", "en"] as const satisfies readonly Lang[];

/** The flow's sentences in one language; the other is not fetched. */
export async function loadTexts(lang: Lang): Promise<Texts> {
  return lang === "zh-CN" ? (await import("./zh-CN.js")).zhCN : (await import("./en.js")).en;
}

/** The first of the wishes that is one of ours, by its primary subtag; Chinese otherwise. */
export function chooseLang(wishes: readonly (string | null)[]): Lang {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split("-")[0];
    const found = languages.find((lang) => lang.toLowerCase().split("-")[0] === primary);
    if (found) return found;
  }
  return languages[0];
}
