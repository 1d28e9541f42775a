/** The stylesheet that every element of ours adopts, before its own. */
import { unsafeCSS } from "lit";
import css from "../styles/base.css?inline";

export const base = unsafeCSS(css);
