/** The screens after the questions. Fetched while those are answered: nobody waits for them. */
import { unsafeCSS } from "lit";
import css from "../styles/result.css?inline";

export { answerStep } from "./answer.js";
export { estimateStep, spoken } from "./estimate.js";
export { sendingStep } from "./sending.js";

export const styles = unsafeCSS(css);
