/** Light or dark, and the partner's colours where they are colours. */
import type { PageMessage } from "./widget/element.js";

const root = document.documentElement;

/** The system's wish, now and when it changes. */
export function followSystem(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    setScheme(dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  apply();
}

export function setScheme(scheme: "light" | "dark"): void {
  root.dataset["scheme"] = scheme;
}

const PROPERTIES = [
  ["--prequal-accent", "--accent", "color"],
  ["--prequal-on-accent", "--on-accent", "color"],
  ["--prequal-radius", "--radius", "border-radius"],
] as const;

/** Takes what a partner may set; what is not a value of its kind is left out. */
export function setTheme(theme: PageMessage["theme"]): void {
  for (const [theirs, ours, kind] of PROPERTIES) {
    const value = theme[theirs];
    if (typeof value === "string" && CSS.supports(kind, value)) root.style.setProperty(ours, value);
    else root.style.removeProperty(ours);
  }
}
