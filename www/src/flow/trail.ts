/** The steps in the browser's history, so that a phone's back gesture goes one step back and loses nothing. */
import type { Flow } from "./flow.js";

interface Mark {
  /** The visit that made the entry; entries of a page loaded before know nothing of these answers. */
  visit: number;
  position: number;
}

const visit = performance.timeOrigin;

function mark(): Mark | undefined {
  const state = history.state as Mark | null;
  return state?.visit === visit ? state : undefined;
}

/** Keeps the history beside a flow that has just begun. Returns how to stop it. */
export function followTrail(flow: Flow): () => void {
  history.replaceState({ visit, position: flow.position } satisfies Mark, "");
  const stop = flow.subscribe(() => {
    const { position } = flow;
    const at = mark()?.position ?? 0;
    // An entry for each position, those that were passed over too: so many steps back are so many entries back.
    for (let next = at + 1; next <= position; next += 1) history.pushState({ visit, position: next } satisfies Mark, "");
    if (position < at) history.go(position - at);
  });
  const follow = () => {
    const to = mark()?.position;
    if (to !== undefined) flow.revisit(to);
  };
  addEventListener("popstate", follow);
  return () => {
    stop();
    removeEventListener("popstate", follow);
  };
}
