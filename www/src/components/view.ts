/** What every template of the flow reads: the words, the formats and the flow itself. */
import type { AnswerError, FeatureCell, KindName, Offer, QuestionView, Unit } from "../engine.js";
import type { PolicyTexts } from "../flow/catalogue.js";
import type { Flow } from "../flow/flow.js";
import { isoDay, longDate } from "../format/date.js";
import { decimal, MoneyFormat } from "../format/money.js";
import { percent, RATIO_DIGITS } from "../format/rate.js";
import type { Lang, Texts } from "../texts/index.js";

/** The number of an entry within a question's name: `pledges.1.value`. */
const ENTRY = /\.\d+\./;

export class View {
  readonly money: MoneyFormat;

  constructor(
    readonly flow: Flow,
    /** The policy's words. */
    readonly p: PolicyTexts,
    /** The interface's. */
    readonly t: Texts,
    readonly lang: Lang,
  ) {
    this.money = new MoneyFormat(lang, flow.view.currency, flow.view.minor_digits);
  }

  percent(millionths: number): string {
    return percent(this.lang, millionths);
  }

  date(iso: string): string {
    return longDate(this.lang, iso);
  }

  /** The discounts of an offer, if it has any. */
  discounts({ discounts }: Offer): string | undefined {
    if (discounts.length === 0) return undefined;
    return new Intl.ListFormat(this.lang).format(discounts.map((id) => this.p.get(`discount.${id}`)));
  }

  /** A number in the unit of its kind, in words. */
  quantity(kind: KindName, value: number, unit?: Unit): string {
    switch (kind) {
      case "money":
        return this.money.short(value);
      case "ratio":
        return this.percent(value);
      case "date":
        return this.date(isoDay(value));
      case "boolean":
        return value === 0 ? this.t.no : this.t.yes;
      case "real":
        return this.#counted(decimal(value, RATIO_DIGITS), unit);
      case "period":
        return this.t.period(Math.floor(value / 12), value % 12);
      default:
        return this.#counted(decimal(value, 0), unit);
    }
  }

  #counted(plain: string, unit: Unit | undefined): string {
    const number = new Intl.NumberFormat(this.lang, { maximumFractionDigits: RATIO_DIGITS }).format(Number(plain));
    const word = unit === undefined ? "" : this.t.countUnit[unit];
    return word === "" ? number : `${number} ${word}`;
  }

  /** An answer as the person gave it. */
  given(question: QuestionView): string {
    const typed = this.flow.draft[question.id];
    if (question.supplied) return this.t.sending.supplied;
    if (typed === undefined) return this.t.sending.blank;
    const value = this.flow.answers[question.id];
    switch (question.kind) {
      case "choice":
        return this.option(question.id, typed);
      case "boolean":
        return value === true ? this.t.yes : this.t.no;
      case "date":
        return this.date(typed);
      default:
        return typeof value === "number" ? this.quantity(question.kind, value, question.unit) : typed;
    }
  }

  /** A feature as it will be sent: its cell, and the number that stands for it. */
  sent(cell: FeatureCell): string {
    const { sending } = this.t;
    if (cell.sent === "missing") return sending.missing;
    if (typeof cell.sent === "string") return this.group(cell.feature, cell.sent);
    const { lowest, highest } = cell;
    const unit = this.unitOf(cell);
    const value = (number: number) => this.quantity(cell.kind, number, unit);
    if (lowest === highest) return value(cell.sent);
    if (highest === undefined) return sending.above(value(lowest ?? cell.sent));
    // A cell ends just below the next one: a fen or a millionth that nobody would name.
    const next = value(highest + 1);
    if (lowest === undefined) return sending.below(next);
    if (cell.kind === "integer") return sending.range(this.quantity(cell.kind, lowest), value(highest));
    return sending.upTo(value(lowest), next);
  }

  /** What a feature's numbers count, where it is one question's answer. */
  unitOf({ feature, kind }: FeatureCell): Unit | undefined {
    const inputs = this.flow.view.features.find(({ id }) => id === feature)?.inputs ?? [];
    const question = this.flow.view.questions.find(({ id }) => id === inputs[0]);
    return inputs.length === 1 && question?.kind === kind ? question.unit : undefined;
  }

  /** The name of a group of options, or of an option that is sent as it is. */
  private group(feature: string, id: string): string {
    const named = this.p.find(`feature.${feature}.groups.${id}`) ?? this.p.find(`option.${feature}.${id}`);
    if (named !== undefined) return named;
    const inputs = this.flow.view.features.find((one) => one.id === feature)?.inputs ?? [];
    const option = inputs.map((input) => this.p.find(`option.${input.replace(ENTRY, ".")}.${id}`)).find(Boolean);
    return option ?? id;
  }

  /** The key of a question's words; those of a list's entries share them. */
  key(question: string): string {
    return `question.${question.replace(ENTRY, ".fields.")}`;
  }

  /** An option in words. */
  option(question: string, id: string): string {
    return this.p.get(`option.${question.replace(ENTRY, ".")}.${id}`);
  }

  /** What an entry of a list is called; counted from 0. */
  entry(list: string, entry: number): string {
    const n = String(entry + 1);
    const title = this.p.find(`question.${list}.entry`) ?? `${this.p.get(`question.${list}.label`)} {n}`;
    return title.replace("{n}", n);
  }

  /** Whether it is a list of exactly so many entries: none to add, to remove or to put away. */
  isFixed(id: string): boolean {
    const question = this.flow.view.questions.find((one) => one.id === id);
    return this.#isList(id) && question?.minimum === question?.maximum;
  }

  #isList(id: string): boolean {
    return this.flow.view.lists.some((one) => one.id === id);
  }

  /** The question itself; of an entry that always stands there and is one answer, which one it is. */
  label({ id }: QuestionView): string {
    const list = this.flow.view.lists.find((one) => id.startsWith(`${one.id}.`));
    if (list?.fields !== 1 || !this.isFixed(list.id)) return this.p.get(`${this.key(id)}.label`);
    return this.entry(list.id, Number(id.split(".")[1]) - 1);
  }

  /** What is asked; of a list's entries with which one it is, of an optional page its title. */
  asked({ id }: QuestionView): string {
    const page = this.flow.view.groups.find(({ opener }) => opener === id);
    if (page) return this.p.get(`group.${page.id}.title`);
    const label = this.p.get(`${this.key(id)}.label`);
    const [list, entry] = id.split(".");
    return list === undefined || entry === undefined ? label : `${this.entry(list, Number(entry) - 1)} · ${label}`;
  }

  /** What is wrong with an answer, in words. */
  error(question: QuestionView, error: AnswerError): string {
    const { errors } = this.t;
    const bound = (value: number | undefined) =>
      value === undefined ? "" : this.quantity(question.kind, value, question.unit);
    const dated = question.kind === "date";
    const isList = this.#isList(question.id);
    switch (error.code) {
      case "missing":
        return isList ? errors.few_entries(question.minimum) : errors.missing;
      case "wrong_type":
        if (question.kind === "integer" || question.kind === "period") return errors.not_whole;
        if (question.kind === "real") return errors.not_real;
        if (question.kind === "ratio") return errors.not_percent;
        if (question.kind !== "money") return errors.not_a_number;
        return this.isWhole(question) ? errors.not_whole_money : errors.not_money;
      case "not_whole":
        return errors.not_whole;
      case "too_small":
        if (isList) return errors.few_entries(question.minimum);
        return (dated ? errors.too_early : errors.too_small)(bound(error.minimum));
      case "too_large":
        return (dated ? errors.too_late : errors.too_large)(bound(error.maximum));
      case "off_step":
        // The currency's own unit: whole yuan, no 分.
        return question.kind === "money" && Number(decimal(question.step, this.money.digits)) === 1
          ? errors.not_whole_money
          : errors.off_step(bound(question.step));
      case "unknown_option":
        return errors.unknown_option;
      case "not_a_date":
        return errors.not_a_date;
      case "unknown_field":
        return errors.other;
    }
  }

  /** Whether it is counted in whole units: numbers without decimals, whole yuan without 分. */
  isWhole({ kind, step }: QuestionView): boolean {
    return kind === "integer" || (kind === "money" && Number.isInteger(Number(decimal(step, this.money.digits))));
  }
}
