// Runs scripts that throw, and answers where V8 says that they were.
//
// A JSON list of sources on stdin; its answer on stdout: for each a list of [line from 1, column from 0], the innermost frame first.

import { text } from "node:stream/consumers";
import { runInNewContext } from "node:vm";

Error.prepareStackTrace = (error, frames) => frames;
Error.stackTraceLimit = 50;
const file = "script.js";

function placesOf(source) {
  try {
    const context = { prepare: Error.prepareStackTrace };
    runInNewContext("Error.prepareStackTrace = prepare; Error.stackTraceLimit = 50", context);
    runInNewContext(source, context, { filename: file });
  } catch (error) {
    return error.stack.filter((frame) => frame.getFileName() === file).map((frame) => [frame.getLineNumber(), frame.getColumnNumber() - 1]);
  }
  return [];
}

process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(placesOf)));
