import { dateFormat } from "./made.js";

const DAY = 86_400_000;

/** Days since 1970-01-01, the engine's dates, as `YYYY-MM-DD`. */
export function isoDay(days: number): string {
  return new Date(days * DAY).toISOString().slice(0, 10);
}

/** A `YYYY-MM-DD` date in words of the language. */
export function longDate(lang: string, iso: string): string {
  return dateFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Today where the policy is, by the device's own clock; the offset from UTC is in minutes. Only an estimate rests on it:
 * a submission takes the server's.
 */
export function today(utcOffset: number, now = Date.now()): string {
  return new Date(now + utcOffset * 60_000).toISOString().slice(0, 10);
}
