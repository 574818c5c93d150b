// Answers, with readers of source maps that are not ours, which place of the source a place of the printed text comes from.
//
//   node source-map.mjs <folder that holds node_modules>
//
// One JSON request on stdin: {"map": "<source map>", "places": [[line from 1, column from 0], ...]}
// Its answer on stdout: {"tracing": [[line, column] or null, ...], "node": [...]}

import { createRequire, SourceMap } from "node:module";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

const require = createRequire(join(resolve(process.argv[2]), "package.json"));
const { TraceMap, originalPositionFor } = require("@jridgewell/trace-mapping");

const { map, places } = JSON.parse(await text(process.stdin));
const tracing = new TraceMap(map);
const own = new SourceMap(JSON.parse(map));

const traced = places.map(([line, column]) => {
  const found = originalPositionFor(tracing, { line, column });
  return found.line === null ? null : [found.line, found.column];
});
const found = places.map(([line, column]) => {
  const entry = own.findEntry(line - 1, column);
  return entry.originalLine === undefined ? null : [entry.originalLine + 1, entry.originalColumn];
});
process.stdout.write(JSON.stringify({ tracing: traced, node: found }));
