/** The price line in its frame. */
import { LineElement, type LineFailure, type PriceNews } from "../components/line.js";
import type { Bridge } from "../widget/bridge.js";

export function lineIn(bridge: Bridge, policy: string): LineElement {
  const element = new LineElement();
  element.policy = policy;
  element.addEventListener("pq-open", () => {
    bridge.send({ type: "open" });
  });
  element.addEventListener("pq-price", (event) => {
    const { price } = event as PriceNews;
    if (!price) {
      bridge.send({ type: "estimate", price: null });
      return;
    }
    const { amount, term, instalment, simple_rate, total } = price;
    bridge.send({ type: "estimate", price: { amount, term, instalment, simple_rate, total } });
  });
  element.addEventListener("pq-failure", (event) => {
    bridge.send({ type: "error", code: (event as LineFailure).code });
  });
  return element;
}
