// Lists the JavaScript, or the TypeScript, of the installed packages that the front end is compared on.
//
//   node corpus.mjs <folder that holds node_modules> [--slice megabytes] [--package name] [--typescript]
//
// One line a file: package, size in bytes and path, with tabs between. A slice takes the same share of every package, and the same files every time.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

export const javaScript = /\.[cm]?js$/;
export const typeScript = /\.m?ts$/;
// Its files are tests with verdicts of their own.
const leftOut = new Set(["test262-parser-tests"]);
const largestInSlice = 600_000;

function* walk(folder, wanted) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // The dependencies of a package are listed themselves, or are copies of listed ones.
    if (entry.isDirectory() && entry.name !== "node_modules") yield* walk(path, wanted);
    else if (entry.isFile() && wanted.test(entry.name)) yield { path, size: statSync(path).size };
  }
}

/** The packages of the corpus, by name. */
export function packages(installed) {
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  return Object.keys(dependencies).filter((name) => !leftOut.has(name));
}

/** Every file of the corpus: { package, path, size }. */
export function files(installed, wanted = javaScript) {
  return packages(installed).flatMap((name) => [...walk(join(installed, "node_modules", name), wanted)].map((file) => ({ package: name, ...file })));
}

/** About so many megabytes of it, spread over the packages. */
export function slice(installed, megabytes, wanted = javaScript) {
  const names = packages(installed);
  const share = (megabytes * 1e6) / names.length;
  return names.flatMap((name) => {
    const own = [...walk(join(installed, "node_modules", name), wanted)].filter((file) => file.size <= largestInSlice);
    own.sort((a, b) => scatter(a.path.slice(installed.length)) - scatter(b.path.slice(installed.length)) || (a.path < b.path ? -1 : 1));
    let taken = 0;
    return own.filter((file) => taken < share && (taken += file.size)).map((file) => ({ package: name, ...file }));
  });
}

// FNV-1a: an order that has nothing to do with folders.
function scatter(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = { slice: { type: "string" }, package: { type: "string" }, typescript: { type: "boolean" } };
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const kind = values.typescript ? typeScript : javaScript;
  const listed = values.slice ? slice(positionals[0], Number(values.slice), kind) : files(positionals[0], kind);
  const wanted = listed.filter((file) => !values.package || file.package === values.package);
  process.stdout.write(wanted.map((file) => `${file.package}\t${file.size}\t${file.path}\n`).join(""));
}
