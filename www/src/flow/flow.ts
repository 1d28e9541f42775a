/**
 * The borrower's way through the questions: what was typed, where they stand, which errors are
 * shown, and the estimate. No rendering and no network but through `submit.ts`.
 */
import type {
  AnswerError,
  Answers,
  Decision,
  FeatureCell,
  PolicyView,
  Offer,
  QuestionView,
  Request,
  Schedule,
  SummaryFields,
} from "../engine.js";
import { today } from "../format/date.js";
import type { Receipt } from "./api.js";
import type { LoadedPolicy } from "./catalogue.js";
import { answersOf, type Draft } from "./draft.js";
import { entriesOf } from "./lists.js";
import { openingRequest, openingTerm, productOf } from "./request.js";
import { stepsOf, type Step } from "./steps.js";
import type { Submitted, Unanswered } from "./submit.js";

/** The estimate: computed from the summary and from nothing else. */
export interface Estimate {
  summary: SummaryFields;
  cells: FeatureCell[];
  decision: Decision;
}

/** Something paid on top of an instalment, in minor units. */
export interface Extra {
  with: number;
  amount: number;
}

/** Where a submission stands. */
export type Sending =
  | { phase: "open" }
  | { phase: "working" }
  | { phase: "changed"; before: Estimate; after: Estimate }
  | { phase: "refused"; code: string; retry: boolean }
  | { phase: "answered"; receipt: Receipt };

/** What happened, for the page around the flow. */
export type FlowEvent =
  | { type: "submit" }
  | { type: "verified"; receipt: Receipt }
  | { type: "expired" }
  | { type: "error"; code: string };

export class Flow {
  #steps: readonly Step[] = [];
  #asked: ReadonlySet<string> = new Set();
  #at = 0;
  #draft: Draft = {};
  #shown = new Set<string>();
  #errors: readonly AnswerError[] = [];
  #estimate: Estimate | undefined;
  #request: Request;
  #asOf: string;
  #sending: Sending = { phase: "open" };
  #unanswered: Unanswered | undefined;
  #repriced: { basket: number | undefined } | undefined;
  readonly #listeners = new Set<(event?: FlowEvent) => void>();

  constructor(
    readonly loaded: LoadedPolicy,
    readonly partner: string,
    /** The price of a shop's basket in minor units: the amount is the shop's and cannot be changed here. */
    private price?: number,
  ) {
    this.#asOf = today(loaded.view.utc_offset);
    this.#request = openingRequest(loaded.view, price);
    this.#compute();
  }

  get view(): PolicyView {
    return this.loaded.view;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get step(): Step {
    return this.steps[this.#at] ?? { kind: "request" };
  }

  get position(): number {
    return this.#at;
  }

  get basket(): number | undefined {
    return this.price;
  }

  get request(): Readonly<Request> {
    return this.#request;
  }

  get asOf(): string {
    return this.#asOf;
  }

  get draft(): Draft {
    return this.#draft;
  }

  get estimate(): Estimate | undefined {
    return this.#estimate;
  }

  get sending(): Sending {
    return this.#sending;
  }

  /** Whether a try can help; a refusal that says no ends the matter on this page. */
  get maySend(): boolean {
    const sending = this.#sending;
    return sending.phase === "open" || sending.phase === "changed" || (sending.phase === "refused" && sending.retry);
  }

  /** Whether the policy asks this question, by what was answered so far. */
  isAsked(question: string): boolean {
    return this.#asked.has(question);
  }

  /** The optional pages that may be opened now. */
  get closed(): { id: string; opener: string }[] {
    return this.view.groups.flatMap(({ id, opener }) =>
      opener !== undefined && this.#asked.has(opener) && this.#draft[opener] !== "true" ? [{ id, opener }] : [],
    );
  }

  /** Opens an optional page and goes there. */
  open(opener: string): void {
    this.answer(opener, "true");
    this.#go(this.steps.findIndex((step) => step.kind === "group" && step.opener === opener));
  }

  /** Leaves the optional page that is shown out; what was typed on it stays for another time. */
  skip(): void {
    const { step } = this;
    if (step.kind !== "group" || step.opener === undefined) return;
    this.answer(step.opener, "");
    this.#toOpen(this.#at);
  }

  /** The error to show at a question: certain, and not before the person has left it. */
  errorOf(question: string): AnswerError | undefined {
    if (!this.#shown.has(question)) return undefined;
    return this.#errors.find((error) => error.field === question);
  }

  /** Calls back after every change. Returns how to stop it. */
  subscribe(listener: (event?: FlowEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  answer(question: string, typed: string): void {
    this.change({ [question]: typed });
  }

  /** Several answers at once. Those to questions that come to be asked no more stay, for when they are again. */
  change(typed: Draft): void {
    const all = Object.entries({ ...this.#draft, ...typed });
    this.#draft = Object.fromEntries(all.filter(([, text]) => text.trim() !== ""));
    this.#touch();
  }

  /** Errors of these questions are shown only once they are left again. */
  forgive(questions: readonly string[]): void {
    for (const question of questions) this.#shown.delete(question);
  }

  /** The person has left the question: from now on its error may be shown, unless it is blank. */
  leave(question: string): void {
    if (this.#draft[question] === undefined) return;
    this.#shown.add(question);
    this.#changed();
  }

  choose(change: Partial<Request>): void {
    const product = productOf(this.view, change.product ?? this.#request.product);
    const next = { ...this.#request, ...change, product: product.id };
    if (!product.terms.includes(next.term)) next.term = openingTerm(product);
    if (this.price !== undefined) next.amount = this.price;
    this.#request = next;
    this.#touch();
  }

  /**
   * The shop's price has changed. Answers stay; what was sent for the old one is over. What is on its way is waited for
   * and then dropped, and what is to be sent is shown anew: one consent is for one price.
   */
  reprice(basket: number | undefined): void {
    if (this.#sending.phase === "working") {
      this.#repriced = { basket };
      return;
    }
    if (basket === this.price) return;
    this.price = basket;
    const { term } = this.#request;
    const opening = openingRequest(this.view, basket);
    this.#request = opening;
    if (productOf(this.view, opening.product).terms.includes(term)) this.#request = { ...opening, term };
    if (this.step.kind === "answer") this.#at = 0;
    if (this.step.kind === "sending") this.#at -= 1;
    this.#unanswered = undefined;
    this.#sending = { phase: "open" };
    this.#touch();
  }

  /** On to the next step. Returns the questions that stand in the way, if any. */
  next(): string[] {
    const { step } = this;
    if (step.kind === "group") {
      const wrong = this.#wrong(step.questions);
      if (wrong.length > 0) {
        for (const question of wrong) this.#shown.add(question);
        this.#changed();
        return wrong;
      }
      if (step.opener !== undefined) {
        this.#toOpen(this.#at + 1);
        return [];
      }
    }
    this.#go(this.#at + 1);
    return [];
  }

  back(): void {
    this.#go(this.#at - 1);
  }

  /**
   * To a step that the browser's history names. What was sent stays in view, and nobody gets past a
   * question that still stands in the way.
   */
  revisit(position: number): void {
    if (this.step.kind === "answer" || this.#sending.phase === "working") return;
    if (position < this.#at) this.#go(position);
    const last = this.steps.length - 2;
    while (this.#at < Math.min(position, last) && this.next().length === 0);
  }

  /** Back to the first questions, to change answers. */
  edit(): void {
    this.#go(this.steps.findIndex((step) => step.kind === "group"));
  }

  /** The instalment plan of an offer, by the engine; with something paid on top of one instalment, if it is told. */
  schedule(offer: Offer, extra?: Extra): Schedule | undefined {
    const { product, term, amount, annual_rate } = offer;
    const terms = { product, term, amount, annual_rate, start: this.#asOf };
    const paid = extra && { extra_with: extra.with, extra: extra.amount };
    const plan = this.loaded.policy.schedule({ ...terms, ...paid });
    return plan.status === "ok" ? plan : undefined;
  }

  /** The offer for the product and term asked for. */
  offer(decision: Decision | undefined = this.#estimate?.decision) {
    const { product, term } = this.#request;
    return decision?.offers.find((one) => one.product === product && one.term === term);
  }

  /** Sends what has been shown; a submission without an answer goes out again as it was. */
  async submit(): Promise<void> {
    const shown = this.#estimate;
    if (!shown || this.#sending.phase === "working") return;
    this.#sending = { phase: "working" };
    this.#changed({ type: "submit" });
    this.#settle(await this.#send(shown), shown);
  }

  async #send(shown: Estimate): Promise<Submitted> {
    const { policy, view } = this.loaded;
    const sender = await import("./submit.js").catch(() => undefined);
    if (!sender) return { kind: "refused", code: "network", retry: true };
    if (this.#unanswered) return sender.send(this.#unanswered);
    return sender.submit({
      policy,
      hash: view.hash,
      currency: view.currency,
      partner: this.partner,
      answers: this.answers,
      request: this.#request,
      shown: shown.summary,
    });
  }

  #settle(result: Submitted, shown: Estimate): void {
    this.#unanswered = undefined;
    const repriced = this.#repriced;
    this.#repriced = undefined;
    if (repriced && repriced.basket !== this.price) {
      this.#sending = { phase: "open" };
      this.reprice(repriced.basket);
      return;
    }
    switch (result.kind) {
      case "answered":
        this.#sending = { phase: "answered", receipt: result.receipt };
        this.#at = this.steps.length - 1;
        this.#changed({ type: "verified", receipt: result.receipt });
        return;
      case "changed":
        this.#asOf = result.asOf;
        this.#compute();
        this.#sending = this.#estimate
          ? { phase: "changed", before: shown, after: this.#estimate }
          : { phase: "open" };
        this.#changed();
        return;
      case "invalid":
        this.#asOf = result.asOf;
        this.#compute();
        this.#toFirstError();
        return;
      case "refused":
        this.#unanswered = result.unanswered;
        this.#sending = { phase: "refused", code: result.code, retry: result.retry };
        this.#changed(
          result.code === "challenge_expired" ? { type: "expired" } : { type: "error", code: result.code },
        );
        return;
    }
  }

  /** From an optional page on to the first later one with something left to answer, else to the estimate. */
  #toOpen(from: number): void {
    this.#go(
      this.steps.findIndex(
        (step, at) => at >= from && (step.kind === "estimate" || (step.kind === "group" && this.#wrong(step.questions).length > 0)),
      ),
    );
  }

  /** By the server's date an answer no longer holds: back to where it was given. */
  #toFirstError(): void {
    const fields = new Set(this.#errors.map((error) => error.field));
    for (const field of fields) this.#shown.add(field);
    this.#go(this.steps.findIndex((step) => step.kind === "group" && this.#wrong(step.questions).length > 0));
  }

  #wrong(questions: readonly QuestionView[]): string[] {
    const fields = new Set(this.#errors.map((error) => error.field));
    const all = questions.flatMap(({ id }) => [id, ...entriesOf(this.view, id).flat().map((field) => field.id)]);
    return all.filter((id) => fields.has(id));
  }

  #go(at: number): void {
    if (at < 0 || at >= this.steps.length) return;
    this.#at = at;
    this.#sending = { phase: "open" };
    this.#changed();
  }

  /** An input has changed: what was signed for the old one must not be sent again. */
  #touch(): void {
    this.#unanswered = undefined;
    this.#compute();
    this.#changed();
  }

  /** What was typed, as the engine takes it. */
  get answers(): Answers {
    return answersOf(this.view.questions, this.#draft, this.view.minor_digits);
  }

  #compute(): void {
    const { policy } = this.loaded;
    const asked = policy.asked(this.answers, this.#asOf);
    this.#asked = new Set(asked);
    this.#steps = stepsOf(this.view, this.#asked);
    const summarised = policy.summarise(this.answers, this.#request, this.#asOf);
    this.#errors = summarised.status === "invalid" ? summarised.errors : [];
    this.#estimate = undefined;
    if (summarised.status !== "ok") return;
    const { summary, cells } = summarised;
    const assessed = policy.assess(summary);
    if (assessed.status === "ok") {
      this.#estimate = { summary, cells, decision: assessed.decision };
    }
  }

  #changed(event?: FlowEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
