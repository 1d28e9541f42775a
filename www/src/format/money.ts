/**
 * Money between the engine's minor units and what people read and type. Digits are moved as
 * text; the only module where the lint allows arithmetic on money, and it does none.
 */
import { numberFormat } from "./made.js";

/** An integer scaled by 10^`digits` as a plain decimal: `decimal(835000, 2)` is `"8350.00"`. */
export function decimal(scaled: number, digits: number): string {
  const sign = scaled < 0 ? "-" : "";
  const all = String(Math.abs(scaled)).padStart(digits + 1, "0");
  const whole = all.slice(0, all.length - digits);
  return digits === 0 ? sign + whole : `${sign}${whole}.${all.slice(-digits)}`;
}

/**
 * What a person typed as an integer scaled by 10^`digits`, or `undefined` when it is not a number
 * with at most that many decimals. Full-width digits, grouping commas, a currency or unit sign and any minus are
 * understood. What is too large to be exact is the largest that is: out of every question's range too.
 */
export function parseDecimal(text: string, digits: number): number | undefined {
  const plain = text
    .normalize("NFKC")
    .replace(/[\s¥$€元块%]/g, "")
    .replace(/^[−–负]/, "-")
    .replace("。", ".");
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(plain);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > digits) return undefined;
  const scaled = Number(sign + whole.replaceAll(",", "") + significant.padEnd(digits, "0"));
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(scaled, Number.MAX_SAFE_INTEGER));
}

/** Writes money in one language and currency. */
export class MoneyFormat {
  readonly #exact: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;

  /** `digits`: the decimals of the currency's minor unit. */
  constructor(
    lang: string,
    currency: string,
    readonly digits: number,
  ) {
    const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
    this.#exact = numberFormat(lang, {
      ...style,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    this.#whole = numberFormat(lang, {
      ...style,
      minimumFractionDigits: 0,
      maximumFractionDigits: 0,
    });
  }

  /** To the last minor unit: ¥8,350.00. */
  exact(minor: number): string {
    return this.#exact.format(Number(decimal(minor, this.digits)));
  }

  /** To the last minor unit, without decimals where they are all zero: ¥8,350. */
  short(minor: number): string {
    const text = decimal(minor, this.digits);
    return (/\.0+$/.test(text) ? this.#whole : this.#exact).format(Number(text));
  }

  /** To the last minor unit, as programs read it: 8350.00. */
  plain(minor: number): string {
    return decimal(minor, this.digits);
  }

  /** To the nearest whole unit, for a figure that is labelled as approximate: ¥268. */
  about(minor: number): string {
    return this.#whole.format(Number(decimal(minor, this.digits)));
  }

  /** The currency's sign alone, to stand before an input. */
  get sign(): string {
    return this.#whole.formatToParts(0).find((part) => part.type === "currency")?.value ?? "";
  }
}
