// Lists everything of the language that scripts reach without calling it, one line for each property: its path, kind, attributes, and length and name of
// functions. Objects of the language that no global leads to are roots as well.
const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object;
const roots = [
  ['globalThis', globalThis], ['arrayIterator', getPrototypeOf([].values())], ['stringIterator', getPrototypeOf(''[Symbol.iterator]())],
  ['mapIterator', getPrototypeOf(new Map().keys())], ['setIterator', getPrototypeOf(new Set().keys())],
  ['regExpIterator', getPrototypeOf(/a/[Symbol.matchAll](''))],
  ['generator', getPrototypeOf(function* () {})], ['asyncFunction', getPrototypeOf(async () => {})], ['asyncGenerator', getPrototypeOf(async function* () {})],
  ['iteratorHelper', getPrototypeOf([].values().map((x) => x))], ['wrappedIterator', getPrototypeOf(Iterator.from({ next() {} }))],
  ['arguments', (function () { return arguments; })()], ['error', new Error('x')], ['segments', getPrototypeOf(new Intl.Segmenter('en').segment('a'))],
  ['segmentIterator', getPrototypeOf(new Intl.Segmenter('en').segment('a')[Symbol.iterator]())], ['callTool', callTool], ['parallel', parallel],
  ['boundFormat', new Intl.DateTimeFormat('en').format],
];
const seen = new Map(), lines = [], waiting = [];
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const text = (key) => (typeof key === 'symbol' ? `@@${key.description.replace('Symbol.', '')}` : key);
function meet(path, value) {
  if (!isObject(value)) return typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined ? `${value}` : typeof value;
  if (!seen.has(value)) {
    seen.set(value, path);
    waiting.push([path, value]);
  }
  return `= ${seen.get(value)}`;
}
for (const [path, value] of roots) meet(path, value);
for (let i = 0; i < waiting.length; i++) {
  const [path, object] = waiting[i];
  const kind = typeof object === 'function' ? 'function' : Object.prototype.toString.call(object);
  lines.push(`${path}: ${kind}${isExtensible(object) ? '' : ' not extensible'}, prototype ${meet(`${path}.[[Prototype]]`, getPrototypeOf(object))}`);
  for (const key of Reflect.ownKeys(object)) {
    const own = getOwnPropertyDescriptor(object, key), at = `${path}.${text(key)}`;
    const attributes = `${own.writable ? 'w' : '-'}${own.enumerable ? 'e' : '-'}${own.configurable ? 'c' : '-'}`;
    if ('value' in own) lines.push(`${at} ${attributes} ${typeof own.value === 'string' ? JSON.stringify(own.value).slice(0, 60) : meet(at, own.value)}`);
    else lines.push(`${at} ${attributes} get ${meet(`${at}.get`, own.get)} set ${meet(`${at}.set`, own.set)}`);
  }
}
return lines.sort();
