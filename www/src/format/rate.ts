import { decimal } from "./money.js";

/** The scale of the engine's ratios: millionths. */
export const RATIO_DIGITS = 6;

/** A ratio in millionths as a percentage with at most two decimals: 144 000 is 14.4%. */
export function percent(lang: string, millionths: number): string {
  return new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 2 }).format(
    Number(decimal(millionths, RATIO_DIGITS)),
  );
}
