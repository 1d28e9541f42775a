import { numberFormat } from "./made.js";
import { decimal } from "./money.js";

/** The scale of the engine's ratios: millionths. */
export const RATIO_DIGITS = 6;

/** A ratio in millionths as a percentage with at most two decimals: 144 000 is 14.4%. */
export function percent(lang: string, millionths: number): string {
  const format = numberFormat(lang, { style: "percent", maximumFractionDigits: 2 });
  return format.format(Number(decimal(millionths, RATIO_DIGITS)));
}
