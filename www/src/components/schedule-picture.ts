/**
 * A schedule as a picture: above, what is still owed as steps; below, a bar for each instalment, principal beneath and
 * interest, striped, on top, and fees, dotted, above that; below the months. An instalment of interest alone is low, one that is skipped is
 * empty. A second schedule is drawn as dashed lines.
 *
 * Everything that is a figure here comes from the engine; what is computed are lengths in CSS pixels.
 */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Instalment } from "../engine.js";
import type { ScheduleTexts } from "../texts/schedule.js";
import type { View } from "./view.js";

export interface Plan {
  /** What is owed at first. */
  amount: number;
  /** All interest. */
  interest: number;
  rows: readonly Instalment[];
}

/** What is compared with, and how it is introduced before what is said of it. */
export interface Beside extends Plan {
  lead(says: string): string;
}

export interface Picture {
  plan: Plan;
  /** The one to compare with. Both have their instalments on the same days, as far as the shorter one goes. */
  beside: Beside | undefined;
  /** In CSS pixels. */
  width: number;
  /** The row that is looked at, from 0. */
  picked: number;
  pick(row: number): void;
}

/** What an instalment is made of, from the bottom up. */
const PARTS = ["principal", "interest", "fee"] as const;

/** Heights in CSS pixels. */
const OWED = 48;
const BARS = 96;
const AXIS = 24;
/** The least that is seen of a part that is not nothing. */
const SEEN = 2;
/** The room that a month or a year needs under the bars, and how much of it may stand beside them. */
const LABEL = 34;
const BESIDE = 14;

export function picture(v: View, t: ScheduleTexts, one: Picture): TemplateResult {
  const { plan, beside, width } = one;
  const { money } = v;
  const longest = beside && beside.rows.length > plan.rows.length ? beside.rows : plan.rows;
  const slot = width / longest.length;
  const all = [...plan.rows, ...(beside?.rows ?? [])];
  const most = highest([plan.amount, ...all.map((row) => row.balance)]);
  const largest = highest(all.map((row) => row.payment));
  /** A figure's height where `top` has all of it. */
  const share = (figure: number, top: number, height: number) => (top === 0 ? 0 : (figure / top) * height);
  const owed = (figure: number) => OWED - share(figure, most, OWED - 2);
  const paid = (figure: number) => BARS - share(figure, largest, BARS - 2);
  const left = (row: number) => (slot < 2 ? row * slot : Math.round(row * slot));

  const debt = ({ amount, rows }: Plan) =>
    `M0 ${owed(amount)}${rows.map((row, at) => `H${left(at + 1)}V${owed(row.balance)}`).join("")}`;
  const outline = ({ rows }: Plan) =>
    `M0 ${BARS}${rows.map((row, at) => `V${paid(row.payment)}H${left(at + 1)}`).join("")}V${BARS}`;
  const parts = bars(plan.rows, left, slot, (figure) => share(figure, largest, BARS - 2));

  const mark = (name: string, top: number, height: number) =>
    svg`<rect class=${name} x=${left(one.picked)} y=${top} width=${Math.max(left(one.picked + 1) - left(one.picked), 2)} height=${height}/>`;
  const follow = (event: PointerEvent) => {
    if (event.buttons === 0 || width === 0) return;
    const area = event.currentTarget as Element;
    area.setPointerCapture(event.pointerId);
    const row = Math.floor((event.clientX - area.getBoundingClientRect().left) / slot);
    one.pick(Math.max(0, Math.min(row, plan.rows.length - 1)));
  };

  return html`<figure>
    <figcaption id="says">
      ${says(v, t, plan)}
      ${beside ? html`<span class="dashed">${beside.lead(says(v, t, beside))}</span>` : nothing}
    </figcaption>
    <div class="picture" role="img" aria-labelledby="says" @pointerdown=${follow} @pointermove=${follow}>
      <p class="key">
        <span><svg width="18" height="12" aria-hidden="true"><path class="owed" d="M0 3H9V9H18"/></svg> ${v.t.labelled(t.balance, money.short(plan.amount))}</span>
      </p>
      <svg height=${OWED + 1} aria-hidden="true">
        ${mark("picked", 0, OWED)}
        <path class="debt" d="${debt(plan)}V${OWED}H0Z"/>
        ${beside ? dashed(debt(beside)) : nothing}
        <path class="owed" d=${debt(plan)}/>
        <path class="ground" d="M0 ${OWED + 0.5}H${width}"/>
      </svg>
      <p class="key">
        ${PARTS.filter((part) => all.some((row) => row[part] > 0)).map((part) => html`<span><svg width="12" height="12" aria-hidden="true"><path d="M0 0H12V12H0Z" class=${part} fill=${fill(part)}/></svg> ${t[part]}</span>`)}
      </p>
      <svg height=${BARS + AXIS} aria-hidden="true">
        <defs>
          <pattern id="stripes" width="4" height="3" patternUnits="userSpaceOnUse"><path class="between" d="M0 0H4V3H0Z"/><path class="stripe" d="M0 1H4"/></pattern>
          <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse"><path class="between" d="M0 0H4V4H0Z"/><path class="dot" d="M1 1h2v2h-2z"/></pattern>
        </defs>
        ${mark("picked", 0, BARS)}
        ${PARTS.map((part, at) => svg`<path class=${part} fill=${fill(part)} d=${parts[at] ?? ""}/>`)}
        ${beside ? dashed(outline(beside)) : nothing}
        <path class="ground" d="M0 ${BARS + 0.5}H${width}"/>
        ${months(v.lang, longest, width).map(
          ({ middle, text }) =>
            svg`<path class="ground" d="M${middle} ${BARS}v6"/><text x=${middle} y=${BARS + AXIS - 2}>${text}</text>`,
        )}
        ${mark("mark", BARS, 4)}
      </svg>
    </div>
  </figure>`;
}

/** A dashed line, clear of what it crosses. */
function dashed(line: string): SVGTemplateResult {
  return svg`<path class="clear" d=${line}/><path class="beside" d=${line}/>`;
}

type Part = (typeof PARTS)[number];

/** Stripes and dots tell interest and fees from principal where colours do not. */
function fill(part: Part): string | typeof nothing {
  return part === "principal" ? nothing : `url(#${part === "interest" ? "stripes" : "dots"})`;
}

function highest(figures: readonly number[]): number {
  return figures.reduce((most, figure) => (figure > most ? figure : most), 0);
}

/** The bars, as a path for each part. Where there is room, a gap stands between bars and a line between parts. */
function bars(
  rows: readonly Instalment[],
  left: (row: number) => number,
  slot: number,
  height: (figure: number) => number,
): string[] {
  const gap = slot >= 12 ? 3 : slot >= 4 ? 1 : 0;
  const paths = PARTS.map(() => "");
  for (const [at, row] of rows.entries()) {
    const wide = left(at + 1) - left(at) - gap;
    let bottom = BARS;
    for (const [part, name] of PARTS.entries()) {
      if (row[name] === 0) continue;
      const high = Math.max(height(row[name]), SEEN);
      paths[part] += `M${left(at)} ${bottom}h${wide}v${-high}h${-wide}z`;
      bottom -= high + 1;
    }
  }
  return paths;
}

/** The months to name under the rows: the first row in each month of a round number, January by its year. */
function months(lang: string, rows: readonly Instalment[], width: number): { middle: number; text: string }[] {
  const all = rows.map(({ due }) => Number(due.slice(0, 4)) * 12 + Number(due.slice(5, 7)) - 1);
  const span = (all.at(-1) ?? 0) - (all[0] ?? 0) + 1;
  const every = [1, 2, 3, 6, 12, 24, 60, 120, 240].find((step) => (step * width) / span >= LABEL) ?? 600;
  const name = new Intl.DateTimeFormat(lang, { month: "short", timeZone: "UTC" });
  return rows.flatMap(({ due }, row) => {
    const month = all[row] ?? 0;
    const middle = ((row + 0.5) * width) / rows.length;
    const fits = middle >= LABEL / 2 - BESIDE && middle <= width - LABEL / 2 + BESIDE;
    if (!fits || month % every !== 0 || month === all[row - 1]) return [];
    return [{ middle, text: span > 12 && month % 12 === 0 ? due.slice(0, 4) : name.format(new Date(due)) }];
  });
}

/** What the picture says, in one sentence. */
function says(v: View, t: ScheduleTexts, { interest, rows }: Plan): string {
  const { money } = v;
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return "";
  return t.says({
    count: rows.length,
    from: v.date(first.due),
    to: v.date(last.due),
    first: money.exact(first.payment),
    largest: money.exact(highest(rows.map((row) => row.payment))),
    last: money.exact(last.payment),
    interest: money.exact(interest),
    interestOnly: rows.filter((row) => row.principal === 0 && row.payment > 0).length,
    skipped: rows.filter((row) => row.payment === 0).length,
  });
}
