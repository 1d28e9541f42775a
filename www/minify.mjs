// node minify.mjs FROM TO: a module as the pages would carry it, for the npm package's generated glue.

import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { minifySync } from "vite";

const [from, to] = argv.slice(2);
const { code, errors } = minifySync(from, readFileSync(from, "utf8"), { module: true });
if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
writeFileSync(to, code);
