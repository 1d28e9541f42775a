/** Characters shown before the first difference and after it. */
const BEFORE = 60;
const AFTER = 40;

/** Where two texts differ, as a list of one; empty where they are the same. */
export function differences(what, wasm, native) {
  if (wasm === native) return [];
  let at = 0;
  while (wasm?.[at] === native[at]) at += 1;
  const around = (text) => text?.slice(Math.max(0, at - BEFORE), at + AFTER);
  return [`${what}, from character ${at}\n  native …${around(native)}…\n  wasm   …${around(wasm)}…`];
}
