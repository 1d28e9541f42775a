/** The sentences of the schedule, which come with the code that shows it: small and in every language. */
import type { Lang } from "./index.js";
import { panelTexts, type PanelTexts } from "./panel.js";

/** What the picture says, in figures and dates that are written out. */
export interface Told {
  count: number;
  from: string;
  to: string;
  first: string;
  largest: string;
  last: string;
  interest: string;
  /** How many of the instalments pay no principal. */
  interestOnly: number;
  /** How many of the instalments are nothing. */
  skipped: number;
}

/** One row, in figures and dates that are written out. */
export interface ToldRow {
  number: number;
  due: string;
  payment: string;
  principal: string;
  interest: string;
  /** Absent where there is none. */
  fee: string | undefined;
  balance: string;
}

const zhCN = {
  says: (told: Told) =>
    [
      `共 ${told.count} 期，从${told.from}到${told.to}：首期 ${told.first}，最多的一期 ${told.largest}，末期 ${told.last}，利息共 ${told.interest}`,
      told.interestOnly > 0 ? `，其中 ${told.interestOnly} 期只还利息` : "",
      told.skipped > 0 ? `，有 ${told.skipped} 期不用还款` : "",
      "。",
    ].join(""),
  sayRow: (row: ToldRow) =>
    `第 ${row.number} 期，${row.due}：还 ${row.payment}，其中本金 ${row.principal}、利息 ${row.interest}${row.fee === undefined ? "" : `、费用 ${row.fee}`}；还完这期剩余本金 ${row.balance}。`,
  which: "看第几期",

  copy: "复制表格",
  download: "下载表格（CSV）",

  terms: "换个期限比一比",
  compare: "点一个期限，图上的虚线就是它。",
  chosen: "（现在选的）",
  dashed: (term: string, amount: string, says: string) => `虚线是借 ${amount}、${term}：${says}`,
  extra: (number: number) => `和第 ${number} 期一起多还`,
  noExtra: "不多还",
  sooner: (number: number, amount: string, says: string, fee: string | undefined) =>
    `虚线是和第 ${number} 期一起多还 ${amount}，以后每期照旧：${says}${fee === undefined ? "" : `提前还款费 ${fee}。`}`,
};

type Own = typeof zhCN;

export type ScheduleTexts = Own & PanelTexts;

const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

const en: Own = {
  says: (told) =>
    [
      `${counted(told.count, "payment", "payments")} from ${told.from} to ${told.to}: the first ${told.first}, the largest ${told.largest}, the last ${told.last}, ${told.interest} interest in all`,
      told.interestOnly > 0 ? `; ${counted(told.interestOnly, "is", "are")} interest only` : "",
      told.skipped > 0 ? `; nothing is due in ${counted(told.skipped, "period", "periods")}` : "",
      ".",
    ].join(""),
  sayRow: (row) =>
    `No. ${row.number}, ${row.due}: ${row.payment}, of which ${row.principal} principal, ${row.interest} interest${row.fee === undefined ? "" : `, ${row.fee} fees`}; then ${row.balance} is left to pay.`,
  which: "Payment number",

  copy: "Copy the table",
  download: "Download it (CSV)",

  terms: "What another term would change",
  compare: "Choose a term to see it as a dashed line in the picture.",
  chosen: "(chosen)",
  dashed: (term, amount, says) => `Dashed, ${amount} over ${term}: ${says}`,
  extra: (number) => `Pay more with no. ${number}`,
  noExtra: "nothing",
  sooner: (number, amount, says, fee) =>
    `Dashed, ${amount} more with no. ${number}, the others as before: ${says}${fee === undefined ? "" : ` Paying early costs ${fee}.`}`,
};

export const scheduleTexts: Record<Lang, ScheduleTexts> = {
  "zh-CN": { ...panelTexts["zh-CN"], ...zhCN },
  en: { ...panelTexts.en, ...en },
};
