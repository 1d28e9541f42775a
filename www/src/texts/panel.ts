/** The sentences that the panels under the estimate have in common, which come with the first of them that is opened. */
import type { Lang } from "./index.js";

const zhCN = {
  number: (n: number) => `第 ${n} 期`,
  count: "期数",
  due: "还款日",
  instalment: "还款额",
  principal: "本金",
  interest: "利息",
  fee: "费用",
  balance: "剩余本金",
  note: "还款日按今天借款推算。",

  copied: "已复制",
  paste: "已复制，可以粘贴到聊天或表格里。",
  byHand: "浏览器不让网页复制。下面是全部内容，已经选中，请自己复制。",
};

export type PanelTexts = typeof zhCN;

const en: PanelTexts = {
  number: (n) => `No. ${n}`,
  count: "No.",
  due: "Due",
  instalment: "Payment",
  principal: "Principal",
  interest: "Interest",
  fee: "Fees",
  balance: "Left to pay",
  note: "Due dates assume the loan starts today.",

  copied: "Copied",
  paste: "Copied. You can paste it into a message or a spreadsheet.",
  byHand: "The browser does not let the page copy. All of it is below and selected; please copy it yourself.",
};

export const panelTexts: Record<Lang, PanelTexts> = { "zh-CN": zhCN, en };
