/**
 * What the panels under the estimate have in common. Each is fetched when it is opened, stands in the flow's own root,
 * whose controls and styles it shares, draws nothing while it is closed, and can be copied.
 */
import {
  adoptStyles,
  html,
  LitElement,
  nothing,
  unsafeCSS,
  type CSSResult,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import type { Offer } from "../engine.js";
import { panelTexts, type PanelTexts } from "../texts/panel.js";
import css from "../styles/panel.css?inline";
import type { View } from "./view.js";

const shared = unsafeCSS(css);

/** What became of the wish to copy; by hand where the browser lets no page do it. */
type Copied = "not" | "done" | "by-hand";

export abstract class PanelElement extends LitElement {
  static override properties: PropertyDeclarations = {
    view: { attribute: false },
    offer: { attribute: false },
    copied: { state: true },
    spoken: { state: true },
  };

  declare view: View;
  declare offer: Offer;
  declare copied: Copied;
  /** What was last said to who cannot see it. */
  declare spoken: string;

  #shown: Offer | undefined;
  readonly #redraw = () => {
    this.requestUpdate();
  };

  /** `own`: the panel's styles, beside those of all. */
  constructor(private readonly own: CSSResult) {
    super();
    this.copied = "not";
    this.spoken = "";
  }

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.getRootNode() as ShadowRoot;
    const adopted = root.adoptedStyleSheets;
    const missing = [shared, this.own].filter(({ styleSheet }) => styleSheet && !adopted.includes(styleSheet));
    if (missing.length > 0) adoptStyles(root, [...adopted, ...missing]);
    this.details?.addEventListener("toggle", this.#redraw);
  }

  /** The figures of a new offer come first: what is open below them follows once they have been painted. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#shown && this.#shown !== this.offer && this.details?.open) await painted();
    super.scheduleUpdate();
  }

  /** What was copied is not this offer's any more. */
  protected override willUpdate(changed: PropertyValues): void {
    this.#shown = this.offer;
    if (changed.has("offer")) this.copied = "not";
  }

  protected get details(): HTMLDetailsElement | null {
    return this.closest("details");
  }

  protected override shouldUpdate(): boolean {
    return this.details?.open === true;
  }

  protected get shared(): PanelTexts {
    return panelTexts[this.view.lang];
  }

  /** What is copied. */
  protected abstract text(): string;

  /** Ways to take along what is shown: copying, and another one. Nothing is sent. */
  protected tools(label: string, other: TemplateResult): TemplateResult {
    const { copied, shared } = this;
    const byHand = `${this.localName}-by-hand`;
    return html`<div class="take">
        <button type="button" class="secondary copy" @click=${() => void this.#copy()}>
          ${copied === "done" ? shared.copied : label}
        </button>
        ${other}
      </div>
      ${copied === "by-hand"
        ? html`<p class="fine" id=${byHand}>${shared.byHand}</p>
            <textarea readonly rows="4" aria-labelledby=${byHand} .value=${this.text()}></textarea>`
        : nothing}
      <div class="unseen" role="status">${this.spoken}</div>`;
  }

  /** A frame in a shop's page has to copy what is selected; where even that is forbidden, the borrower does it. */
  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text());
    } catch {
      this.copied = "by-hand";
      await this.updateComplete;
      const area = this.querySelector("textarea");
      area?.focus();
      area?.select();
      if (!document.execCommand("copy")) return;
      this.querySelector<HTMLElement>(".copy")?.focus();
    }
    this.copied = "done";
    this.spoken = this.shared.paste;
  }
}

function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
