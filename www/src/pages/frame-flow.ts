/** The flow in the frame of a partner's dialog. */
import { AppElement, type FlowNews } from "../components/app.js";
import type { FlowEvent } from "../flow/flow.js";
import type { Bridge } from "../widget/bridge.js";

export function flowIn(bridge: Bridge, policy: string, partner: string): AppElement {
  const element = new AppElement();
  element.embedded = true;
  element.policy = policy;
  element.partner = partner;
  element.addEventListener("pq-close", () => {
    bridge.send({ type: "close" });
  });
  element.addEventListener("pq-news", (event) => {
    tell(bridge, (event as FlowNews).news);
  });
  addEventListener("keydown", (event) => {
    // An open dialog of the frame's own takes the key first.
    const open = element.renderRoot.querySelector("dialog[open]");
    if (event.key === "Escape" && !open) bridge.send({ type: "close" });
  });
  return element;
}

/** The shop learns that something was sent and how to refer to it: neither answers nor outcome. */
function tell(bridge: Bridge, news: FlowEvent): void {
  if (news.type === "verified") bridge.send({ type: "verified", reference: news.receipt.reference });
  else bridge.send(news);
}
