// Runs the prelude's URL, URLSearchParams, TextEncoder, TextDecoder, atob and btoa beside node's own, over listed and random texts. input: { folder, rounds }.
const { readFileSync } = require('fs'), vm = require('vm');
const { folder, rounds } = JSON.parse(input);
const context = vm.createContext({}), bridges = {};
for (const file of ['brands.js', 'encoding.js', 'query.js', 'url-host.js', 'url.js'])
  vm.runInContext(readFileSync(`${folder}/${file}`, 'utf8'), context, { filename: file })(bridges);
const Own = vm.runInContext('URL', context), Params = vm.runInContext('URLSearchParams', context), Encoder = vm.runInContext('TextEncoder', context);
const Decoder = vm.runInContext('TextDecoder', context), ownAtob = vm.runInContext('atob', context), ownBtoa = vm.runInContext('btoa', context);
const parts = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
const texts = [
  'http://example.com', 'HTTP://EXAMPLE.com:80/a/../b/./c?x=1#y', 'https://user:pa ss@ex.com:8443/p q/%2e%2E/r?a b=c\'d#f `"', 'http://ex.com\\a\\b',
  'http:example.com', '//foo/bar', '/a/b?c',
  '?q=1', '#f', '', 'a/b', '../x', './', '..', 'http://[::1]:3000/', 'http://[1:2:0:0:5:0:0:8]/', 'http://[::ffff:1.2.3.4]/', 'http://[1::2::3]/',
  'http://192.168.0.1.', 'http://0x7f.1/',
  'http://1.2.3', 'http://256.256.256.256', 'http://0177.0.0.1/', 'http://1.2.3.4.5', 'mailto:a@b.c?subject=x y', 'data:text/plain,hello world#f',
  'foo://bar/baz/../q', 'foo:/a/b', 'foo:a',
  'foo:///x', 'foo://h:80/', 'file:///etc/passwd', 'file://localhost/a', 'file:c:/x', 'file:///C|/a/../..', 'file:/a', 'http://a b/', 'http://a%41b/',
  'http://münchen.de/ü?ü#ü',
  'http://例え.テスト/', 'http://ex.com:99999', 'http://ex.com:', 'http://:80', 'http://@/', 'http://u@/', 'http://:p@h', 'http://a@b@c/', 'ws://h:80/x',
  'ftp://h:21', 'http://h/?', 'http://h/#',
  '  http://h/ \n', 'ht\ntp://h/a\tb', 'http://h/\u{1F600}?\ud800', 'blob:https://a.com/x', 'about:blank', 'http://h//a//b/', 'http://h/{}|^`<>"', 'urn:isbn:1',
  'http://EX%41MPLE', 'http://%zz/',
  'foo://H%41/', 'http://1e2', 'http://0x', 'http://a.1', 'http://09.1', 'x:', 'http://', 'https:/h/p', 'https:////h', 'file:', 'foo:/.//p', 'foo://',
  'web+demo:/..//not-a-host/', 'http://a./',
];
const bases = [undefined, 'http://base.com/dir/file?bq#bf', 'file:///C:/base/x', 'foo://nh/p/q', 'foo:opaque', 'file:///home/u'];
const changes = [
  ['protocol', 'https'], ['protocol', 'foo'], ['username', 'a b'], ['password', 'p@'], ['host', 'x.com:90'], ['hostname', 'y'], ['hostname', ''],
  ['port', '80'], ['port', '12a'], ['port', ''], ['port', 'x'],
  ['protocol', 'ht\ntps'], ['protocol', 'https x'], ['protocol', 'file'], ['hostname', 'z:1'], ['host', ':80'], ['host', 'a\\b'],
  ['host', 'é:1x'], ['port', '\t90'], ['pathname', ''], ['search', 'a\tb'], ['hash', '\n#c'],
  ['pathname', 'a b/../c'], ['pathname', '?x'], ['search', 'a=b c'], ['search', ''], ['hash', 'z z'], ['hash', ''], ['href', 'http://n/'], ['host', '[::1]:5'],
];
const pieces = ['http', 'https', ':', '/', '//', '\\', '?', '#', '@', '.', '..', '%2e', '%', '[', '::1', ']', 'a', 'b.com', 'é', '1', '0x1', '80', ' ', '|',
  'c:', 'file', 'foo', '&', '=', '+', '\t', '<'];

let seed = 7;
const random = (below) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
const join = (from, most) => Array.from({ length: random(most) }, () => from[random(from.length)]).join('');
const attempt = (make) => {
  try {
    return make();
  } catch {
    return 'refused';
  }
};
const wrong = [];
const compare = (what, theirs, ours) => {
  const [expected, actual] = [attempt(theirs), attempt(ours)];
  if (expected !== actual && wrong.length < 20) wrong.push(`${what}: node ${expected}, here ${actual}`);
};
const shown = (Type, text, base) => () => {
  const url = new Type(text, base);
  return parts.map((part) => url[part]).join(' ');
};
const changed = (Type, text, name, value) => () => {
  const url = new Type(text);
  url[name] = value;
  return url.href;
};

for (const text of texts) for (const base of bases) compare(`URL ${JSON.stringify(text)} ${base}`, shown(URL, text, base), shown(Own, text, base));
for (const text of ['http://u:p@h:81/a?b#c', 'https://h/', 'foo://h/x', 'mailto:x', 'file:///a']) {
  for (const [name, value] of changes) compare(`URL ${text} ${name} = ${value}`, changed(URL, text, name, value), changed(Own, text, name, value));
}
for (let i = 0; i < rounds; i++) {
  const text = join(pieces, 10), base = bases[random(bases.length)];
  compare(`URL ${JSON.stringify(text)} ${base}`, shown(URL, text, base), shown(Own, text, base));
  // Node takes what is no ASCII for bytes where an escape is wrong; the standard does not.
  const query = join(['a', '=', '&', '+', '%', '%20', '%zz', '%C3%A9', '%ff', ' ', '?', '*', '~'], 10);
  compare(`URLSearchParams ${JSON.stringify(query)}`, () => JSON.stringify([...new URLSearchParams(query)]) + new URLSearchParams(query), () =>
    JSON.stringify([...new Params(query)]) + new Params(query));
  const bytes = Uint8Array.from(
    { length: random(8) }, () => [0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f, 0xef, 0xbb, 0xff, 0xc3][random(16)]);
  const cut = random(bytes.length + 1), label = ['utf-8', 'utf-16le'][random(2)], options = [{}, { fatal: true }, { ignoreBOM: true }][random(3)];
  const decoded = (Type) => () => {
    const decoder = new Type(label, options);
    return JSON.stringify([decoder.decode(bytes.subarray(0, cut), { stream: true }), decoder.decode(bytes.subarray(cut))]);
  };
  compare(`TextDecoder ${label} ${JSON.stringify(options)} ${bytes} ${cut}`, decoded(TextDecoder), decoded(Decoder));
  const words = join(['a', 'é', '€', '\u{1F600}', '\ud800', '\udc00', '\0'], 7);
  compare(`TextEncoder ${JSON.stringify(words)}`, () => `${new TextEncoder().encode(words)}`, () => `${new Encoder().encode(words)}`);
  compare(`btoa ${JSON.stringify(words)}`, () => btoa(words), () => ownBtoa(words));
  const base64 = join(['A', 'b', '/', '+', '=', ' ', '-', '\n'], 9);
  compare(`atob ${JSON.stringify(base64)}`, () => atob(base64), () => ownAtob(base64));
}
console.log(JSON.stringify(wrong));
