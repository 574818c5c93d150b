// Decodes and encodes values with the MessagePack libraries of npm, for the tests that compare our codec with them.
//
//   node interop.mjs <folder that holds node_modules>
//
// Each line on stdin is one JSON request, each line on stdout its answer:
//   {"library": "@msgpack/msgpack" | "msgpackr", "decode": "<hex>"}        -> {"value": <description>} or {"error": "..."}
//   {"library": "@msgpack/msgpack" | "msgpackr", "encode": <description>}  -> {"hex": "..."} or {"error": "..."}
//
// A description says a value without loss, in one way only: ["number", "12"], ["number", "x" + 16 hex digits of the float64], ["bigint", "-5"],
// ["string", hex of UTF-16LE], ["bytes", hex], ["date", "ms"], ["array", [...]], ["object", [[hex of key, value], ...]] by key, ["undefined"].

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(resolve(process.argv[2]), "package.json"));
const standard = require("@msgpack/msgpack");
const fast = require("msgpackr");

class Undefined {}
class Big {
  constructor(value) {
    this.value = value;
  }
}
class Utf16 {
  constructor(text) {
    this.text = text;
  }
}

const extensions = [
  { Class: Undefined, type: 1, pack: () => Buffer.alloc(0), unpack: () => new Undefined() },
  { Class: Big, type: 2, pack: (big) => packBig(big.value), unpack: (data) => new Big(unpackBig(data)) },
  { Class: Utf16, type: 3, pack: (text) => Buffer.from(text.text, "utf16le"), unpack: (data) => Buffer.from(data).toString("utf16le") },
];

function packBig(value) {
  const magnitude = value < 0n ? -value : value;
  const hex = magnitude === 0n ? "" : magnitude.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").reverse();
  return Buffer.concat([Buffer.from([value < 0n ? 1 : 0]), bytes]);
}

function unpackBig(data) {
  const magnitude = BigInt("0x0" + Buffer.from(data.subarray(1)).reverse().toString("hex"));
  return data[0] === 1 ? -magnitude : magnitude;
}

const extensionCodec = new standard.ExtensionCodec();
for (const { Class, type, pack, unpack } of extensions) {
  extensionCodec.register({ type, encode: (value) => (value instanceof Class ? pack(value) : null), decode: unpack });
  fast.addExtension({ Class, type, pack, unpack });
}

const packr = new fast.Packr({ useRecords: false, mapsAsObjects: false, int64AsType: "bigint", variableMapSize: true });

const libraries = {
  "@msgpack/msgpack": {
    encode: (value) => standard.encode(value, { extensionCodec, useBigInt64: true, maxDepth: 200 }),
    decode: (bytes) => standard.decode(bytes, { extensionCodec, useBigInt64: true }),
    object: (entries) => Object.fromEntries(entries),
  },
  msgpackr: {
    encode: (value) => packr.pack(value),
    decode: (bytes) => packr.unpack(bytes),
    object: (entries) => new Map(entries),
  },
};

const hexOf = (text) => Buffer.from(text, "utf16le").toString("hex");
const textOf = (hex) => Buffer.from(hex, "hex").toString("utf16le");

function describeNumber(value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return ["number", String(value)];
  if (Number.isNaN(value)) return ["number", "NaN"];
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return ["number", "x" + bits.toString("hex")];
}

function describeObject(entries) {
  const described = entries.map(([key, value]) => [hexOf(String(key)), describe(value)]);
  return ["object", described.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))];
}

function describe(value) {
  if (value === null) return ["null"];
  if (value instanceof Undefined) return ["undefined"];
  if (value instanceof Big) return ["bigint", String(value.value)];
  if (value instanceof Date) return ["date", String(value.getTime())];
  if (value instanceof Uint8Array) return ["bytes", Buffer.from(value).toString("hex")];
  if (value instanceof Map) return describeObject([...value]);
  if (Array.isArray(value)) return ["array", value.map(describe)];
  switch (typeof value) {
    case "boolean":
      return ["boolean", value];
    case "number":
      return describeNumber(value);
    case "bigint":
      // A 64-bit format: a number as long as it is exact as one.
      return Number.isSafeInteger(Number(value)) ? describeNumber(Number(value)) : ["bigint", String(value)];
    case "string":
      return ["string", hexOf(value)];
    default:
      return describeObject(Object.entries(value));
  }
}

function buildNumber(text) {
  if (text === "NaN") return NaN;
  return text.startsWith("x") ? Buffer.from(text.slice(1), "hex").readDoubleBE() : Number(text);
}

function buildBig(value) {
  const fits = value >= -(2n ** 63n) && value < 2n ** 64n;
  const exactAsNumber = value >= -BigInt(Number.MAX_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return fits && !exactAsNumber ? value : new Big(value);
}

function buildText(hex) {
  const text = textOf(hex);
  return text.isWellFormed() ? text : new Utf16(text);
}

function build([kind, content], library) {
  switch (kind) {
    case "undefined":
      return new Undefined();
    case "null":
      return null;
    case "boolean":
      return content;
    case "number":
      return buildNumber(content);
    case "bigint":
      return buildBig(BigInt(content));
    case "string":
      return buildText(content);
    case "bytes":
      return Buffer.from(content, "hex");
    case "date":
      return new Date(Number(content));
    case "array":
      return content.map((item) => build(item, library));
    default:
      return library.object(content.map(([key, value]) => [buildText(key), build(value, library)]));
  }
}

function answer(request) {
  const library = libraries[request.library];
  if (request.decode !== undefined) return { value: describe(library.decode(Buffer.from(request.decode, "hex"))) };
  return { hex: Buffer.from(library.encode(build(request.encode, library))).toString("hex") };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = answer(JSON.parse(line));
  } catch (error) {
    reply = { error: String(error.stack) };
  }
  process.stdout.write(JSON.stringify(reply) + "\n");
}
