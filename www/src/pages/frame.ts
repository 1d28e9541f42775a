/**
 * The widget's frame at the lender's origin: the price line, or the flow in the dialog. Which
 * pages may embed it the service says (`frame-ancestors`); this page talks to that one alone.
 */
import { chooseLang, shells, type Lang } from "../texts/index.js";
import { setScheme, setTheme } from "../theme.js";
import { Bridge, parentOrigin } from "../widget/bridge.js";
import "../styles/page.css";
import "../styles/frame.css";

/** What a frame shows, and takes from the shop's page. */
export interface Shown extends HTMLElement {
  lang: Lang;
  amount: number | undefined;
  currency: string | undefined;
}

const query = new URLSearchParams(location.search);
const origin = parentOrigin(query.get("parent"));
const view = query.get("view") === "flow" ? "flow" : "line";
document.documentElement.dataset["view"] = view;
setScheme(query.get("scheme") === "dark" ? "dark" : "light");

if (origin === undefined) {
  const lang = chooseLang(navigator.languages);
  document.documentElement.lang = lang;
  document.body.append(shells[lang].failures.embed);
} else {
  await show(new Bridge(origin));
}

async function show(bridge: Bridge): Promise<void> {
  const policy = query.get("policy") ?? "";
  // Two pages in one file: the line must not wait for the flow's code.
  const shown: Shown =
    view === "flow"
      ? (await import("./frame-flow.js")).flowIn(bridge, policy, query.get("partner") ?? "")
      : (await import("./frame-line.js")).lineIn(bridge, policy);
  let asked: string | undefined;
  bridge.listen((message) => {
    setScheme(message.scheme);
    setTheme(message.theme);
    shown.amount = message.amount ?? undefined;
    shown.currency = message.currency ?? undefined;
    // A language that the shopper chose here stays until the shop's own changes.
    if (asked !== message.lang) {
      asked = message.lang;
      shown.lang = chooseLang([message.lang]);
    }
    if (!shown.isConnected) document.body.append(shown);
  });
}
