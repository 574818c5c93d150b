// A server that means harm, over its standard input and output. Its first argument says how; a second one is a file that outlives it.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [harm, file] = process.argv.slice(2);
const schema = { type: 'object', properties: {} };
const python = { type: 'string', pattern: '^(?P<year>\\d{4})\\Z' };
const bound = { minimum: 1, exclusiveMinimum: true };
const nothing = { type: 'number', description: null, minimum: null };
const plain = [{ name: 'act', description: 'Acts.', inputSchema: schema }];
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const answer = (id, result) => say({ id, result });
const text = (id, words) => answer(id, { content: [{ type: 'text', text: words }] });

let calls = 0;
let cancelled = 0;
let page = 0;
let changed = false;

if (harm === 'never-again') {
  const isAgain = existsSync(file);
  appendFileSync(file, 'started\n');
  if (isAgain) process.exit(1);
}

function deep(depth) {
  let node = {};
  for (let i = 0; i < depth; i++) node = { type: 'object', properties: { a: node } };
  return node;
}

// Each hint as absent, false and true, with a name that says so.
function annotated() {
  const hint = (name, value) => (value === undefined ? {} : { [name]: value });
  const letter = (value) => (value === undefined ? 'x' : value ? 't' : 'f');
  const values = [undefined, false, true];
  const tools = values.flatMap((readOnly) => values.flatMap((destroys) => values.map((open) => ({
    name: `r${letter(readOnly)}_d${letter(destroys)}_o${letter(open)}`,
    inputSchema: schema,
    annotations: { title: 'A tool', ...hint('readOnlyHint', readOnly), ...hint('destructiveHint', destroys), ...hint('openWorldHint', open) },
  }))));
  return [...tools, { name: 'none', inputSchema: schema }];
}

const lists = {
  'annotated': (id) => answer(id, { tools: annotated() }),
  'changing': (id) => answer(id, {
    tools: [...plain, { name: changed ? 'fresh' : 'old', inputSchema: schema },
      { name: 'other', description: changed ? 'It is another.' : 'It is as it was.', inputSchema: schema }],
  }),
  'many-tools': (id) => answer(id, { tools: Array.from({ length: 20_000 }, (_, i) => ({ name: `t${i}`, inputSchema: schema })) }),
  'thousand-tools': (id) => answer(id, { tools: Array.from({ length: 1000 }, (_, i) => ({ name: `t${i}`, inputSchema: schema })) }),
  'silent-list': () => {},
  'endless-pages': (id) => answer(id, { tools: [{ name: `t${page}`, inputSchema: schema }], nextCursor: `${++page}` }),
  'odd-names': (id) => answer(id, {
    tools: [
      { name: 'a\n*/ declare const evil: any; /*',
        description: 'First.\u0000\u202e\u{e0041} */ declare function evil(): void; /* \r\n* @ignore',
        inputSchema: { type: 'object', properties: { "x'*/": { type: 'string', description: '*/ evil' } } } },
      { name: 'same', inputSchema: schema }, { name: 'same', inputSchema: schema },
      { name: 'sa-me', inputSchema: schema }, { name: 'sa_me', inputSchema: schema },
      { name: '\u0001\u0002', inputSchema: schema }, { name: 'x'.repeat(100_000), description: 'y'.repeat(1_000_000), inputSchema: schema },
      { name: '__proto__', inputSchema: schema }, { name: 'constructor', inputSchema: schema },
    ],
  }),
  'wrong-tools': (id) => answer(id, {
    tools: [
      { name: 'no_type', inputSchema: { properties: { a: { type: 'string' } } } },
      { name: 'a_list', inputSchema: [] },
      { name: 'no_schema_at_all' },
      { name: 7, inputSchema: schema },
      'act', null, [],
      { name: 'odd_description', description: { s3cr3t: 1 }, inputSchema: schema },
      { name: 'odd_output', inputSchema: schema, outputSchema: 'text' },
      { name: 'odd_hints', inputSchema: schema, annotations: { readOnlyHint: 'yes' } },
      { name: 'a_task', inputSchema: schema, execution: { taskSupport: 'required' } },
      { name: 'perhaps_a_task', inputSchema: schema, execution: { taskSupport: 'optional' } },
      { name: 'no_task', inputSchema: schema, execution: 'required' },
      ...plain,
    ],
  }),
  'loose-tools': (id) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: { tools: [
    { name: 'any_of', inputSchema: { anyOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { required: ['b'] }] } },
    { name: 'null_properties', inputSchema: { type: 'object', properties: null, required: null } },
    { name: 'upper_case', inputSchema: { type: 'OBJECT', properties: { n: { type: 'INTEGER' }, list: { type: 'ARRAY', items: { type: 'STRING' } } } } },
    { name: 'python', inputSchema: { type: 'object', properties: { year: python, n: { type: 'number' } } } },
    { name: 'dangling', inputSchema: { type: 'object', properties: { pet: { $ref: '#/$defs/Pet' }, n: { type: 'number' } } } },
    { name: 'emoji', description: 'Cut HALF here', inputSchema: schema },
    { name: 'old_draft', inputSchema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', properties: { n: bound } } },
    { name: 'remote', inputSchema: { $ref: 'https://schemas.example/args.json' } },
    { name: 'null_members', title: null, description: null, annotations: null, inputSchema: { type: 'object', properties: { a: nothing } } },
    { name: 'no_output', inputSchema: schema, outputSchema: { type: 'string' }, _meta: null },
  ] } }).replace('HALF', '\\ud83d')}\n`),
  'schema-bomb': (id) => answer(id, {
    tools: [
      { name: 'deep', inputSchema: deep(25) },
      { name: 'wide', inputSchema: { type: 'object', properties: Object.fromEntries(
        Array.from({ length: 50_000 }, (_, i) => [`m${i}`, { type: 'string' }]),
      ) } },
      { name: 'round', inputSchema: { type: 'object', properties: { a: { $ref: '#/$defs/a' } },
        $defs: { a: { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } } } },
    ],
  }),
};

const acts = {
  'endless-line': () => {
    const part = 'x'.repeat(1 << 20);
    process.stdout.write('{"jsonrpc":"2.0","id":');
    const more = () => process.stdout.write(part, more);
    more();
  },
  'flood': (id) => {
    const note = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } })}\n`.repeat(100);
    const more = () => process.stdout.write(note, more);
    more();
    text(id, 'answered');
  },
  'list-changed-flood': (id) => {
    for (let i = 0; i < 5_000; i++) say({ method: 'notifications/tools/list_changed' });
    text(id, 'answered');
  },
  'death': () => process.exit(3),
  'death-once': (id) => {
    if (existsSync(file)) return text(id, `answered after ${readFileSync(file, 'utf8')}`);
    appendFileSync(file, 'one death');
    process.exit(3);
  },
  'never-again': () => process.exit(3),
  'changing': (id) => {
    changed = true;
    say({ method: 'notifications/tools/list_changed' });
    text(id, 'answered');
  },
  'late': (id) => {
    if (++calls === 1) setTimeout(() => text(id, 'late'), 700);
    else text(id, 'in time');
    text(987_654, 'nobody asked');
  },
  'forgetful': (id) => { if (++calls > 1) text(id, `cancelled ${cancelled}`); },
  'twice': (id) => { text(id, 'first'); text(id, 'second'); },
  'garbage': (id) => { process.stdout.write('this is no JSON\n{"jsonrpc":"1.0"}\n[]\n'); text(id, 'answered'); },
  'asks-back': (id) => {
    say({ id: 'x1', method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } });
    say({ id: 'x2', method: 'roots/list' });
    text(id, 'answered');
  },
  'odd-answers': (id) => {
    const part = (more) => ({ type: 'text', text: 'x', ...more });
    const raw = (line) => process.stdout.write(`${line}\n`);
    const turns = [
      () => answer(id, { content: [part({ text: 'plain', annotations: {} })] }),
      () => answer(id, { content: [part({ text: 'null', annotations: null, _meta: null })] }),
      () => answer(id, { content: [part({ text: 'empty', annotations: { audience: null, priority: 'high' } })] }),
      () => answer(id, { content: [{ type: 'resource_link', uri: 'file:///a', name: 'a', annotations: { lastModified: 7 } }] }),
      () => raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"half \\ud83d"}]}}`),
      () => raw(`\ufeff${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [part({ text: 'marked' })] } })}`),
      () => raw(JSON.stringify({ jsonrpc: '2.0', id: String(id), result: { content: [part({ text: 'as text' })] } })),
      () => answer(id, { content: [{ type: 'widget', size: 3 }] }),
      () => say({ id, error: 'boom' }),
      () => say({ id, error: { message: 'no code' } }),
      () => raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":[}`),
      () => say({ id, error: null, result: { content: [part({ text: 'both' })] } }),
    ];
    turns[calls++]();
  },
  'wrong-result': (id) => answer(id, { content: 'no list' }),
  'odd-result': (id) => answer(id, { content: [{ type: 'image', mimeType: 'image/png', data: 'not base64 !' }] }),
  'error': (id) => say({ id, error: { code: -32000, message: `odd \u0000 words\n${'z'.repeat(100_000)}` } }),
  'deep-result': (id) => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[],"structuredContent":${deep}}}\n`);
  },
  'many-values': (id) => answer(id, { content: [], structuredContent: { all: Array(2_000_000).fill(0) } }),
  'many-parts': (id) => answer(id, { content: Array(100_000).fill({ type: 'resource_link', uri: 'a:b', name: '' }) }),
  'large-result': (id) => text(id, 'x'.repeat(30 << 20)),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  if (harm === 'silent') return;
  const { id, method } = JSON.parse(line);
  if (method === 'notifications/cancelled') cancelled++;
  if (method === 'initialize') {
    answer(id, { protocolVersion: '2025-11-25', capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'hostile', version: '1' } });
    if (harm === 'noisy') for (let i = 0; i < 200; i++) process.stderr.write('e'.repeat(10_000));
  } else if (method === 'tools/list') {
    (lists[harm] ?? ((to) => answer(to, { tools: plain })))(id);
    if (harm === 'deaf') {
      process.stdin.pause();
      setInterval(() => {}, 1000);
    }
  } else if (method === 'tools/call') {
    (acts[harm] ?? ((to) => text(to, 'answered')))(id);
  } else if (id !== undefined && method !== undefined) {
    say({ id, error: { code: -32601, message: 'no such method' } });
  }
});
