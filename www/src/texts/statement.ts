/** The sentences of the cost statement, which come with the code that shows it: small and in every language. */
import type { OfferFee } from "../engine.js";
import type { Lang } from "./index.js";

/** How a fee is counted, written out. */
export interface ToldFee {
  share: string | undefined;
  fixed: string | undefined;
  each: string;
  times: number;
}

const zhCN = {
  title: "综合融资成本（初步估算）",
  items: "每一项收费",
  what: "项目",
  how: "怎么收",
  rate: "标准",
  amount: "金额",
  payee: "谁收",

  interest: "利息",
  byPlan: "按还款计划随每期收",
  yearly: (rate: string) => `年利率 ${rate}`,
  free: "免息",
  lender: "放款机构",
  charged: {
    up_front: "放款时由您另付一次",
    deducted: "放款时从借款里扣一次",
    financed: "加进借款，分期一起还",
    each_instalment: "随每期还款收",
    at_end: "随最后一期收一次",
    by_partner: "由商家付，您不用付",
  } satisfies Record<OfferFee["charged"], string>,
  counted: ({ share, fixed, each, times }: ToldFee) =>
    [
      [share && `借款金额的 ${share}`, fixed].filter(Boolean).join(" 加 "),
      times > 1 ? `，每次 ${each}，共 ${times} 次` : "",
    ].join(""),
  byPartner: (amount: string) => `商家付 ${amount}`,

  sums: "合计",
  allIn: "综合年化成本（正常履约，即按约定还款）",
  allInNote: "由您付的利息和费用都算在内。",
  discounted: (names: string, rate: string) => `已享优惠：${names}。优惠后年利率 ${rate}。`,

  contingent: "另外可能发生的费用",
  contingentNote: "按约定用款、按约定的日子还款，就没有下面这些。",
  overdue: "没有按时还款",
  overdueOnTop: (rate: string) => `逾期的金额按年利率 ${rate} 计收罚息。`,
  overdueSame: (rate: string) => `逾期的金额仍按年利率 ${rate} 计息，不另加罚息。`,
  overdueFree: "逾期的金额不收利息，也不收罚息。",
  prepayment: "提前还款",
  prepaymentFee: (share: string) => `收提前还的金额的 ${share}。`,
  prepaymentFree: "不收费。",
  misuse: "没有按约定的用途用款",
  misuseOnTop: (rate: string) => `挪用的金额按年利率 ${rate} 计收罚息。`,
  misuseSame: (rate: string) => `挪用的金额仍按年利率 ${rate} 计息，不另加罚息。`,
  misuseFree: "挪用的金额不收利息，也不收罚息。",

  note: "这是按您现在的回答做的估算，不是合同；实际费用以签订的合同为准。",
  copy: "复制明细",
  print: "打印",
  noPrint: "如果没有出现打印窗口，可能是这个浏览器不能打印。请复制明细，或换一个浏览器打开。",
};

export type StatementTexts = typeof zhCN;

const en: StatementTexts = {
  title: "Cost of the loan (first estimate)",
  items: "Every item",
  what: "Item",
  how: "Charged",
  rate: "Rate",
  amount: "Amount",
  payee: "Paid to",

  interest: "Interest",
  byPlan: "with the instalments, by the repayment plan",
  yearly: (rate) => `${rate} a year`,
  free: "interest-free",
  lender: "the lender",
  charged: {
    up_front: "you pay it once, when the money is paid out",
    deducted: "kept back once from what is paid out",
    financed: "added to the loan and paid back with it",
    each_instalment: "with each instalment",
    at_end: "once, with the last instalment",
    by_partner: "the shop pays it, you do not",
  },
  counted: ({ share, fixed, each, times }) =>
    [
      [share && `${share} of the loan`, fixed].filter(Boolean).join(" plus "),
      times > 1 ? `, ${each} each time, ${times} times` : "",
    ].join(""),
  byPartner: (amount) => `${amount}, paid by the shop`,

  sums: "In all",
  allIn: "Annual cost, all in, if you pay as agreed",
  allInNote: "All interest and fees that you pay are counted in.",
  discounted: (names, rate) => `Discounts given: ${names}. With them interest is ${rate} a year.`,

  contingent: "What may come on top",
  contingentNote: "Nothing of this, if you use the money as agreed and pay on the agreed days.",
  overdue: "Paying late",
  overdueOnTop: (rate) => `What is overdue bears ${rate} interest a year.`,
  overdueSame: (rate) => `What is overdue still bears ${rate} interest a year, nothing more.`,
  overdueFree: "What is overdue bears no interest.",
  prepayment: "Paying back early",
  prepaymentFee: (share) => `It costs ${share} of what you pay early.`,
  prepaymentFree: "It costs nothing.",
  misuse: "Using the money for something else than agreed",
  misuseOnTop: (rate) => `What is used otherwise bears ${rate} interest a year.`,
  misuseSame: (rate) => `What is used otherwise still bears ${rate} interest a year, nothing more.`,
  misuseFree: "What is used otherwise bears no interest.",

  note: "This is an estimate from your present answers, not a contract. What you pay is what the contract says.",
  copy: "Copy the statement",
  print: "Print",
  noPrint: "If no print window has appeared, this browser may not be able to print. Please copy the statement, or use another browser.",
};

export const statementTexts: Record<Lang, StatementTexts> = { "zh-CN": zhCN, en };
