/** A value as text, the same for equal values of different contexts, cycles and all. */
export function describe(value) {
  return one(value, [], 0);
}

function one(value, open, depth) {
  if (value === null || typeof value !== "object") return primitive(value);
  const seen = open.indexOf(value);
  if (seen >= 0) return `<cycle ${seen}>`;
  if (depth > 8) return "<deep>";
  open.push(value);
  try {
    return composite(value, (part) => one(part, open, depth + 1));
  } finally {
    open.pop();
  }
}

function primitive(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  // The text of a function is what printing changes.
  if (typeof value === "function") return `<function ${value.name}/${value.length}>`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function composite(value, inner) {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "Date" || tag === "RegExp" || tag === "Number" || tag === "String" || tag === "Boolean") return `${tag}(${String(value)})`;
  if (tag === "Error") return `${value.name}(${value.message})`;
  if (tag === "Map") return `Map{${[...value].map(([key, item]) => `${inner(key)}=>${inner(item)}`).join()}}`;
  if (tag === "Set") return `Set{${[...value].map(inner).join()}}`;
  if (Array.isArray(value)) return `[${Array.from(value, (item, i) => (i in value ? inner(item) : "<hole>")).join()}]`;
  const keys = Object.keys(value);
  return `${tag}{${keys.map((key) => `${key}:${inner(value[key])}`).join()}}`;
}
