/**
 * The words that stand before, beside and in the place of the flow: the price line, the page's
 * frame, failures and how to reach a person. Small and in every language, so that they are there
 * when nothing else arrives.
 */

const zhCN = {
  language: "中文",
  loading: "正在准备…",
  close: "关闭",
  retry: "再试一次",
  otherLanguage: "语言",

  line: {
    price: (instalment: string, term: number) => `每期约 ${instalment} × ${term} 期`,
    rate: (rate: string) => `年化 ${rate}（单利）`,
    see: "看看我能不能用",
    unavailable: "暂不支持分期",
  },

  failures: {
    title: "现在没法估算",
    wasm: "这个浏览器不能运行估算程序。我们不会给您一个不准的数字；请换用新一点的浏览器，或直接联系工作人员。",
    network: "网络不通，没有加载完。请检查网络后再试。",
    policy: "没有找到这个产品。请返回重新选择。",
    broken: "规则文件没有通过检查，因此不显示任何数字。请稍后再试，或联系工作人员。",
    embed: "这个页面没有权限嵌入估算。",
    currency: "这个产品不支持该币种。",
    start: "回到开始",
  },

  person: {
    ask: "找人帮忙",
    title: "和工作人员聊聊",
    intro: "任何时候都可以。您不用先填完，也不影响结果。",
    phone: "电话",
    hours: "时间",
    visit: "网点",
    reference: "您的受理编号",
    unavailable: "联系方式没有加载出来，请检查网络后再打开。",
  },
};

export type Shell = typeof zhCN;

const en: Shell = {
  language: "English",
  loading: "Getting ready…",
  close: "Close",
  retry: "Try again",
  otherLanguage: "Language",

  line: {
    price: (instalment, term) => `About ${instalment}, ${term} times`,
    rate: (rate) => `${rate} a year (simple)`,
    see: "Check if it works for me",
    unavailable: "No instalments for this price",
  },

  failures: {
    title: "We cannot show an estimate",
    wasm: "This browser cannot run the estimate. We will not show you a figure that may be wrong; please use a newer browser, or talk to one of us.",
    network: "The network did not answer, so the page is not complete. Please check it and try again.",
    policy: "This product was not found. Please go back and choose again.",
    broken: "The rules did not pass their check, so no figure is shown. Please try later, or talk to one of us.",
    embed: "This page may not embed the estimate.",
    currency: "This product is not offered in that currency.",
    start: "Back to the start",
  },

  person: {
    ask: "Ask a person",
    title: "Talk to one of us",
    intro: "At any time. You need not finish first, and it does not change your result.",
    phone: "Phone",
    hours: "Hours",
    visit: "Branch",
    reference: "Your reference",
    unavailable: "The contact details did not load. Please check the network and open this again.",
  },
};

export const shells = { "zh-CN": zhCN, en };
