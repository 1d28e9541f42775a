/** A stylesheet of ours as Lit adopts it. */
import { unsafeCSS } from "lit";
import base from "../styles/base.css?inline";
import controls from "../styles/controls.css?inline";
import result from "../styles/result.css?inline";
import shell from "../styles/shell.css?inline";
import line from "../styles/line.css?inline";

export const sheets = {
  base: unsafeCSS(base),
  controls: unsafeCSS(controls),
  result: unsafeCSS(result),
  shell: unsafeCSS(shell),
  line: unsafeCSS(line),
};
