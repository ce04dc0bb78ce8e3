// src/ → topics/explore/explorer.js, one module without imports. Its first line holds the SHA-256 of the sources, which
// a test compares with theirs: who changes a source builds again.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const digest = createHash("sha256");
for (const name of ["package-lock.json", "build.mjs", ...readdirSync(here("src")).sort().map((file) => `src/${file}`)]) {
  digest.update(`${name}\n`).update(readFileSync(here(name))).update("\n");
}
const done = await build({
  entryPoints: [here("src/index.js")],
  outfile: here("../topics/explore/explorer.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  loader: { ".css": "text" },
  banner: { js: `/* The explorer of topics (MIT). Built from explore/src, sha256 ${digest.digest("hex")} */` },
  metafile: true,
});
for (const [file, { bytes }] of Object.entries(done.metafile.outputs)) console.log(`${file}: ${bytes} bytes`);
