/**
 * What is printed in the place of the page. It stands before the page's own elements, because what lies in their shadow
 * roots cannot be printed alone, and is seen on paper only.
 */
import { render, unsafeCSS, type TemplateResult } from "lit";
import css from "../styles/paper.css?inline";

const sheet = unsafeCSS(css).styleSheet;

const paper = document.createElement("div");
paper.className = "paper";
paper.hidden = true;

export function lay(content: TemplateResult): void {
  if (sheet && !document.adoptedStyleSheets.includes(sheet)) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  render(content, paper);
  document.body.prepend(paper);
}

export function remove(): void {
  paper.remove();
}
