/**
 * The engine: the wasm module and its generated types. Every boundary type comes from the
 * package; this file only loads the module and says how that can fail.
 */
import init, { type ScheduleResult } from "prequal";

export { Applicant, Policy } from "prequal";
export type {
  AnswerError,
  Answers,
  Decision,
  FeatureCell,
  Instalment,
  KindName,
  Offer,
  OfferFee,
  PolicyView,
  ProductView,
  QuestionView,
  Quote,
  Request,
  SummaryFields,
  Unit,
  Why,
} from "prequal";

/** When what is paid, and what that comes to. */
export type Schedule = Extract<ScheduleResult, { status: "ok" }>;

/** The browser refuses to run WebAssembly: too old, switched off, or forbidden by a policy. */
export class EngineRefused extends Error {}

/** The module did not arrive; it may be asked for again. */
export class EngineUnreachable extends Error {}

/** Loads the module; later calls wait for the same load. */
export async function loadEngine(): Promise<void> {
  if (typeof WebAssembly !== "object") throw new EngineRefused("no WebAssembly");
  try {
    await init();
  } catch (cause) {
    const refused =
      cause instanceof WebAssembly.CompileError ||
      cause instanceof WebAssembly.LinkError ||
      cause instanceof WebAssembly.RuntimeError ||
      cause instanceof EvalError;
    throw refused
      ? new EngineRefused("the module was refused", { cause })
      : new EngineUnreachable("the module did not arrive", { cause });
  }
}
