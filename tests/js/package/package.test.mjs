import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    // Compilers complain on standard output.
    throw new Error(`${program} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`);
  }
}

let folder;
let packed;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "prequal-stranger-"));
  const output = run("npm", ["pack", "--json", "--pack-destination", folder], here("../../../pkg"));
  // Newer clients answer with an object by package name, older ones with a list.
  const answer = JSON.parse(output);
  packed = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed.filename)], folder);
  for (const file of readdirSync(here("stranger"))) {
    cpSync(here(`stranger/${file}`), join(folder, file));
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds the engine, its types and the licences, and nothing of the sources", () => {
  const paths = packed.files.map(({ path }) => path);
  for (const wanted of [
    "dist/LICENSE-APACHE",
    "dist/LICENSE-MIT",
    "dist/element.js",
    "dist/estimate.d.ts",
    "dist/estimate.js",
    "dist/estimate.wasm",
    "dist/sealing.d.ts",
    "dist/sealing.js",
    "dist/sealing.wasm",
    "index.d.ts",
    "index.mjs",
    "load.d.mts",
    "load.mjs",
    "node.mjs",
    "sealing-node.mjs",
    "sealing.d.ts",
    "sealing.mjs",
  ]) {
    assert.ok(paths.includes(wanted), `\`${wanted}\` is missing`);
  }
  assert.deepEqual(paths.filter((path) => /\.(rs|toml|map|tgz)$|node_modules/.test(path)), []);
});

test("a stranger's program runs in Node", () => {
  const policies = process.env.PREQUAL_POLICIES ?? here("../../../target/policies");
  const output = run("node", ["use.mjs", join(policies, "instalment.policy")], folder);
  assert.equal(JSON.parse(output).id, "instalment");
});

test("a stranger's program type-checks in strict mode", () => {
  const compiler = here("../../node_modules/typescript/bin/tsc");
  const flags = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--target", "es2022"];
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    run("node", [compiler, ...flags, "--module", module, "--moduleResolution", resolution, "use.ts"], folder);
  }
});

test("types are strict: a wrong program is refused", () => {
  const wrong = readFileSync(join(folder, "use.ts"), "utf8").replace("term: 12", 'term: "12"');
  writeFileSync(join(folder, "wrong.ts"), wrong);
  const compiler = here("../../node_modules/typescript/bin/tsc");
  const flags = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext"];
  assert.throws(
    () => run("node", [compiler, ...flags, "wrong.ts"], folder),
    /Type 'string' is not assignable to type 'number'/,
  );
});

for (const [module, entries] of Object.entries({
  estimate: ["index.mjs", "node.mjs"],
  sealing: ["sealing.mjs", "sealing-node.mjs"],
})) {
  test(`the entries of ${module} export what the types promise`, async () => {
    const declared = readFileSync(here(`../../../pkg/dist/${module}.d.ts`), "utf8");
    const names = [...declared.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    assert.ok(names.length > 0);
    for (const entry of entries) {
      const exported = Object.keys(await import(join(folder, "node_modules/prequal", entry)));
      assert.deepEqual(exported.sort(), [...names, "default", "initSync"].sort(), entry);
    }
  });
}
