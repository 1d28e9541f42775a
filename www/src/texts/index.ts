import { en } from "./en.js";
import { zhCN, type Texts } from "./zh-CN.js";

export type { Texts };

/** The languages of the interface, first the one to fall back to. */
export const languages = ["zh-CN", "en"] as const;
export type Lang = (typeof languages)[number];

export const texts: Record<Lang, Texts> = { "zh-CN": zhCN, en };

/** The first of the wishes that is one of ours, by its primary subtag; Chinese otherwise. */
export function chooseLang(wishes: readonly (string | null)[]): Lang {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split("-")[0];
    const found = languages.find((lang) => lang.toLowerCase().split("-")[0] === primary);
    if (found) return found;
  }
  return languages[0];
}
