/**
 * `<prequal-offer>`: an instalment price on a partner's page, which opens the pre-check.
 *
 * Everything runs in frames at the lender's origin; this file is all that runs in the page. It
 * sees neither answers nor key, only the price, that something was sent, and its reference.
 */

/** The price as the line shows it: the representative one, the same for every shopper. */
export interface OfferPrice {
  /** Minor units. */
  amount: number;
  /** Months. */
  term: number;
  /** Minor units. */
  instalment: number;
  /** Millionths a year. */
  simple_rate: number;
  /** Minor units. */
  total: number;
}

/** What the page tells a frame: at its start, and whenever something changes. */
export interface PageMessage {
  prequal: "page";
  amount: number | null;
  currency: string | null;
  lang: string;
  scheme: "light" | "dark";
  theme: Partial<Record<ThemeProperty, string>>;
}

/** What a frame tells the page. */
export type FrameMessage = { prequal: "frame" } & (
  | { type: "ready" }
  | { type: "open" }
  | { type: "close" }
  | { type: "estimate"; price: OfferPrice | null }
  | { type: "submit" }
  | { type: "verified"; reference: string }
  | { type: "expired" }
  | { type: "error"; code: string }
);

/** The custom properties that reach into the frames. */
export type ThemeProperty = (typeof THEME)[number];
const THEME = ["--prequal-accent", "--prequal-on-accent", "--prequal-radius"] as const;

/** The events of `<prequal-offer>`. All bubble and cross shadow roots. */
export interface PrequalEvents {
  /** The price line is there. */
  "prequal-load": CustomEvent<null>;
  /** The price changed; `null` where the amount cannot be paid by instalments. */
  "prequal-estimate": CustomEvent<OfferPrice | null>;
  /** The shopper agreed to send the summary. */
  "prequal-submit": CustomEvent<null>;
  /** The lender has checked it. The token is its reference: opaque, and the element's form value. */
  "prequal-verified": CustomEvent<{ token: string }>;
  /** The permission to send ran out, or the offer changed after it was verified. */
  "prequal-expired": CustomEvent<null>;
  /** Something failed, by its code. */
  "prequal-error": CustomEvent<{ code: string }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "prequal-offer": PrequalOffer;
  }
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merges into the page's own map
  interface HTMLElementEventMap extends PrequalEvents {}
}

const STYLE = `
:host{display:block;position:relative;min-height:max(80px,5rem);max-width:32rem;contain:layout}
:host([hidden]){display:none}
.line{position:absolute;inset:0;width:100%;height:100%;border:0;background:none}
dialog{border:0;padding:0;margin:auto;width:min(100vw,30rem);height:min(100vh,48rem);max-width:none;max-height:none;
background:var(--prequal-surface,Canvas);border-radius:16px;overflow:hidden;box-shadow:0 12px 48px rgb(0 0 0/.28)}
dialog::backdrop{background:rgb(12 20 18/.55)}
dialog iframe{display:block;width:100%;height:100%;border:0}
@media(max-width:19rem){:host{min-height:10rem}}
@media(max-width:32rem){dialog{width:100vw;height:100%;border-radius:0}}
@media(forced-colors:active){dialog{border:1px solid CanvasText}}
`;

let sheet: CSSStyleSheet | undefined;

/** On a server there is no `HTMLElement`; the class is then only a name to import. */
const Base = typeof HTMLElement === "undefined" ? (Object as unknown as typeof HTMLElement) : HTMLElement;

/** Where this script came from; the `lender` attribute says otherwise. */
const HOME = new URL(import.meta.url).origin;

const TITLES = {
  zh: { line: "分期价格", dialog: "分期初审" },
  en: { line: "Price by instalments", dialog: "Instalment pre-check" },
};

/**
 * @attr partner - The partner's site key.
 * @attr policy - The id of the policy, such as `instalment`.
 * @attr amount - The price in minor units.
 * @attr currency - ISO 4217; the policy's own where absent.
 * @attr lang - The language; that of the page where absent.
 * @attr lender - The lender's origin, where the script is bundled with the page's own.
 * @csspart line - The frame with the price line.
 * @csspart dialog - The dialog with the pre-check.
 * @cssprop --prequal-accent - The colour of buttons and links.
 * @cssprop --prequal-on-accent - The colour of text on it.
 * @cssprop --prequal-radius - The radius of corners.
 * @cssprop --prequal-surface - The colour of the dialog while it loads.
 */
export class PrequalOffer extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = ["partner", "policy", "amount", "currency", "lang", "lender"];

  readonly #root = this.attachShadow({ mode: "open" });
  readonly #internals = this.attachInternals();
  #line: HTMLIFrameElement | undefined;
  #dialog: HTMLDialogElement | undefined;
  #flow: HTMLIFrameElement | undefined;
  #token: string | null = null;
  /** The frames that have said that they listen. */
  #ready = new WeakSet<HTMLIFrameElement>();
  #queued = false;
  #dark: MediaQueryList | undefined;

  constructor() {
    super();
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** The partner's site key. */
  get partner(): string | null {
    return this.getAttribute("partner");
  }
  set partner(value: string | null) {
    this.#reflect("partner", value);
  }

  /** The id of the policy. */
  get policy(): string | null {
    return this.getAttribute("policy");
  }
  set policy(value: string | null) {
    this.#reflect("policy", value);
  }

  /** The price in minor units. */
  get amount(): number | null {
    const text = this.getAttribute("amount");
    return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
  }
  set amount(value: number | null) {
    this.#reflect("amount", value);
  }

  /** ISO 4217. */
  get currency(): string | null {
    return this.getAttribute("currency");
  }
  set currency(value: string | null) {
    this.#reflect("currency", value);
  }

  /** The lender's origin. */
  get lender(): string {
    return this.getAttribute("lender") ?? HOME;
  }
  set lender(value: string | null) {
    this.#reflect("lender", value);
  }

  /** The reference of what was verified, or `null`. */
  get token(): string | null {
    return this.#token;
  }

  /** Changes several properties at once. */
  update(
    change: Partial<Pick<PrequalOffer, "partner" | "policy" | "amount" | "currency" | "lang">>,
  ): void {
    Object.assign(this, change);
  }

  /** Opens the pre-check. */
  open(): void {
    if (!this.isConnected || this.#dialog?.open) return;
    this.#dialog ??= this.#makeDialog();
    if (!this.#flow) {
      this.#flow = this.#frame("flow");
      this.#dialog.append(this.#flow);
    }
    this.#dialog.showModal();
    this.#flow.focus();
  }

  /** Closes it; what was answered stays until the page is left. */
  close(): void {
    this.#dialog?.close();
  }

  connectedCallback(): void {
    for (const name of ["partner", "policy", "amount", "currency", "lender"] as const) this.#adopt(name);
    addEventListener("message", this.#receive);
    this.#dark = matchMedia("(prefers-color-scheme: dark)");
    this.#dark.addEventListener("change", this.#tell);
    this.#start();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#receive);
    this.#dark?.removeEventListener("change", this.#tell);
    this.#clear();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    // Before it is connected the element has no frames to tell.
    if (before === after || !this.#line) return;
    if (name !== "lang" && this.#token !== null) {
      this.#setToken(null);
      this.#emit("prequal-expired", null);
    }
    if (name === "partner" || name === "policy" || name === "lender") {
      this.#clear();
      this.#start();
    } else if (!this.#queued) {
      // Several attributes that change together reach the frames as one message.
      this.#queued = true;
      queueMicrotask(() => {
        this.#queued = false;
        this.#tell();
      });
    }
  }

  formResetCallback(): void {
    this.#setToken(null);
  }

  #start(): void {
    this.#line = this.#frame("line");
    this.#root.append(this.#line);
  }

  #clear(): void {
    this.#dialog?.close();
    this.#dialog?.remove();
    this.#line?.remove();
    this.#dialog = this.#flow = this.#line = undefined;
  }

  /** A property set before the element was defined hides the accessor: hand it over. */
  #adopt(name: "partner" | "policy" | "amount" | "currency" | "lender"): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = this[name];
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- own property over an accessor
    delete (this as Record<string, unknown>)[name];
    Object.assign(this, { [name]: value });
  }

  #reflect(name: string, value: string | number | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, String(value));
  }

  get #words() {
    return this.#lang.toLowerCase().startsWith("zh") ? TITLES.zh : TITLES.en;
  }

  get #lang(): string {
    const inherited = this.closest("[lang]")?.getAttribute("lang");
    return inherited === null || inherited === undefined || inherited === "" ? navigator.language : inherited;
  }

  get #scheme(): "light" | "dark" {
    const declared = getComputedStyle(this).colorScheme;
    if (!declared.includes("dark")) return "light";
    return !declared.includes("light") || this.#dark?.matches ? "dark" : "light";
  }

  #frame(view: "line" | "flow"): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    const address = new URL("/frame.html", this.lender);
    address.search = new URLSearchParams({
      partner: this.partner ?? "",
      policy: this.policy ?? "",
      view,
      parent: location.origin,
      scheme: this.#scheme,
    }).toString();
    frame.src = address.href;
    frame.title = view === "line" ? this.#words.line : this.#words.dialog;
    if (view === "line") {
      frame.className = "line";
      frame.setAttribute("part", "line");
    }
    return frame;
  }

  #makeDialog(): HTMLDialogElement {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("part", "dialog");
    dialog.setAttribute("aria-label", this.#words.dialog);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) this.close();
    });
    // The browser gives the focus back to what had it in this page, but not to a frame.
    dialog.addEventListener("close", () => {
      const { activeElement } = document;
      if (activeElement === this || activeElement === document.body) this.#line?.focus();
    });
    this.#root.append(dialog);
    return dialog;
  }

  readonly #receive = (event: MessageEvent<FrameMessage | undefined>): void => {
    const origin = new URL(this.lender).origin;
    const frame = [this.#line, this.#flow].find((one) => one?.contentWindow === event.source);
    // Both: a frame of ours, and nobody else's page in it.
    if (!frame || event.origin !== origin || event.data?.prequal !== "frame") return;
    const message = event.data;
    switch (message.type) {
      case "ready":
        this.#ready.add(frame);
        this.#tellFrame(frame);
        if (frame === this.#line) this.#emit("prequal-load", null);
        return;
      case "open":
        this.open();
        return;
      case "close":
        this.close();
        return;
      case "estimate":
        this.#emit("prequal-estimate", message.price);
        return;
      case "submit":
        this.#emit("prequal-submit", null);
        return;
      case "verified":
        this.#setToken(message.reference);
        this.#emit("prequal-verified", { token: message.reference });
        return;
      case "expired":
        this.#emit("prequal-expired", null);
        return;
      case "error":
        this.#emit("prequal-error", { code: message.code });
    }
  };

  readonly #tell = (): void => {
    for (const frame of [this.#line, this.#flow]) if (frame && this.#ready.has(frame)) this.#tellFrame(frame);
  };

  #tellFrame(frame: HTMLIFrameElement): void {
    const style = getComputedStyle(this);
    const theme: PageMessage["theme"] = {};
    for (const name of THEME) {
      const value = style.getPropertyValue(name).trim();
      if (value !== "") theme[name] = value;
    }
    const { amount, currency } = this;
    const message: PageMessage = {
      prequal: "page",
      amount,
      currency,
      lang: this.#lang,
      scheme: this.#scheme,
      theme,
    };
    frame.contentWindow?.postMessage(message, new URL(this.lender).origin);
  }

  #setToken(token: string | null): void {
    this.#token = token;
    this.#internals.setFormValue(token);
  }

  #emit<Name extends keyof PrequalEvents>(name: Name, detail: PrequalEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

// Loaded twice, or beside another copy, the first one stays.
if (typeof customElements !== "undefined" && !customElements.get("prequal-offer")) {
  customElements.define("prequal-offer", PrequalOffer);
}
