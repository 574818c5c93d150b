// Prints acorn's result for a text: its tree, or the syntax error.

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/** The installed module of that name, from the folder the script was given. */
export function load(installed, name) {
  return createRequire(join(resolve(installed), "package.json"))(name);
}

// A tree with a big integer has no JSON without this; our writer says null too.
BigInt.prototype.toJSON = () => null;
// Most mutations are refused, and nobody reads where acorn was then.
Error.stackTraceLimit = 0;

export const goals = ["script", "module"];

/** A judge: (text, goal) => { json } or { error, at }. */
export function judge(installed) {
  const acorn = load(installed, "acorn");
  return (text, sourceType) => {
    try {
      return { json: JSON.stringify(acorn.parse(text, { ecmaVersion: "latest", sourceType })) };
    } catch (error) {
      // Anything else is acorn's own trouble, a full stack for one, and no verdict.
      return error instanceof SyntaxError ? { error: error.message.toWellFormed(), at: error.pos } : { trouble: String(error) };
    }
  };
}

/** The first 16 hex digits of the SHA-256 of the text's UTF-8. */
export const digest = (text) => createHash("sha256").update(text, "utf8").digest("hex").slice(0, 16);
