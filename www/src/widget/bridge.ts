/** The frame's side of the talk with the partner's page: one window, one origin, typed messages. */
import type { FrameMessage, PageMessage } from "./element.js";

type Said = FrameMessage extends infer Message
  ? Message extends unknown
    ? Omit<Message, "prequal">
    : never
  : never;

export class Bridge {
  /** `origin`: the embedding page's. Its own word, but messages go nowhere else, and come from nowhere else. */
  constructor(private readonly origin: string) {}

  send(message: Said): void {
    window.parent.postMessage({ prequal: "frame", ...message }, this.origin);
  }

  /** Calls back with what the page asks for, now and whenever it changes. */
  listen(listener: (message: PageMessage) => void): void {
    addEventListener("message", (event: MessageEvent<PageMessage | undefined>) => {
      if (event.source !== window.parent || event.origin !== this.origin) return;
      if (event.data?.prequal === "page") listener(event.data);
    });
    this.send({ type: "ready" });
  }
}

/** The origin that a frame's address names, or `undefined` where it names none or stands alone. */
export function parentOrigin(named: string | null): string | undefined {
  if (window.parent === window || named === null) return undefined;
  try {
    const { origin, href } = new URL(named);
    return origin !== "null" && href === `${origin}/` ? origin : undefined;
  } catch {
    return undefined;
  }
}
