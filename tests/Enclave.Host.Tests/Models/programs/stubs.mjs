// The tools of the programs: fixed answers, and a state of its own for each run. node computes with them, and answers Enclave's calls with them.
const text = { type: 'string' }, number = { type: 'number' }, integer = { type: 'integer' };
const list = (items) => ({ type: 'array', items });
const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false });
const orNull = (schema) => ({ ...schema, type: [schema.type, 'null'] });
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const failure = (message, code) => Object.assign(new Error(message), { code });

const day = 86400000, start = Date.parse('2026-01-03T08:30:00.000Z');
const customers = [
  ['Ada Lovelace', 'ada@example.com', 'GB', 'gold'], ['Bob Stone', 'bob@example.org', 'US', 'silver'], ['Chloé Martin', 'chloe@example.fr', 'FR', 'gold'],
  ['Dan Brown', null, 'US', 'bronze'], ['Eva Müller', 'eva@example.de', 'DE', 'silver'],
].map(([name, email, country, tier], i) => ({
  id: `cus_${i + 1}`, name, email, country, tier, createdAt: new Date(start - (i + 1) * 40 * day).toISOString(),
}));
const products = [
  ['Desk lamp', 'home', 39.9, ['light', 'desk']], ['Office chair', 'home', 189, ['desk']], ['USB-C cable', 'tech', 9.5, ['cable', 'usb']],
  ['Keyboard', 'tech', 79.99, ['usb', 'desk']], ['Notebook', 'paper', 4.25, ['paper']], ['Pen set', 'paper', 12, ['paper', 'gift']],
  ['Mug', 'home', 8.75, ['gift']], ['Monitor', 'tech', 249.5, ['desk']],
].map(([title, category, price, tags], i) => ({ sku: `SKU-${100 + i}`, title, category, price, tags }));
const states = ['paid', 'pending', 'shipped', 'paid', 'cancelled', 'refunded', 'shipped'];
const orders = Array.from({ length: 23 }, (_, i) => {
  const lines = [0, 1, 2].slice(0, 1 + (i % 3)).map((k) => {
    const product = products[(i * 3 + k) % products.length];
    return { sku: product.sku, quantity: 1 + ((i + k) % 4), unitPrice: product.price };
  });
  return {
    id: `ord_${String(i + 1).padStart(3, '0')}`, customerId: `cus_${1 + (i * 2) % 5}`, status: states[i % states.length], currency: i % 4 === 3 ? 'EUR' : 'USD',
    total: Math.round(lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0) * 100) / 100, lines,
    createdAt: new Date(start + i * 37 * 3600000).toISOString(),
  };
});
const types = ['login', 'view', 'view', 'purchase', 'logout'];
const events = Array.from({ length: 40 }, (_, i) => ({
  id: `evt_${i + 1}`, type: types[i % 5], userId: `u${1 + (i * 7) % 4}`, at: new Date(start + i * 1500000).toISOString(), durationMs: (i * 137) % 900 + 15,
}));
const files = {
  'reports/sales.csv': 'date,region,amount\n2026-01-05,north,120.50\n2026-01-05,south,80\n2026-01-19,north,42.25\n' +
    '2026-02-02,west,310\n2026-02-14,south,15.75\n',
  'reports/people.csv': 'id,name,notes\r\n1,"Lovelace, Ada","said ""hello"""\r\n2,Bob,"two\nlines"\r\n3,"Chloé",\r\n',
  'reports/bom.csv': '\uFEFFsku;price\nSKU-1;1,50\nSKU-2;20,00\n',
  'config/app.ini': '; settings\n[server]\nhost = example.com\nport=8080\ndebug = true\n\n[limits]\nretries = 3\n# end\n',
  'config/settings.json': '{"name":"shop","features":{"beta":true,"search":{"enabled":false,"limit":20}},"hosts":["a","b"]}',
  'config/old.json': '{"version":1,"features":{"beta":false,"search":{"limit":20}},"hosts":["a","b"],"owner":"ada"}',
  'config/new.json': '{"version":2,"features":{"beta":true,"search":{"limit":50}},"hosts":["a","c","d"]}',
  'logs/app.log': [
    '2026-01-05T10:00:00.120Z INFO  [web] GET /orders 200 35ms', '2026-01-05T10:00:01.004Z WARN  [db] slow query 812ms',
    '2026-01-05T10:00:02.550Z ERROR [web] POST /orders 500 120ms', '2026-01-05T10:00:02.551Z INFO  [web] GET /health 200 2ms',
    '2026-01-05T10:01:10.000Z ERROR [mail] smtp timeout after 5000ms', '2026-01-05T10:02:00.000Z INFO  [web] GET /orders/12 404 8ms',
  ].join('\n'),
  'data/events.ndjson': '{"user":"a","kind":"click","n":1}\n{"user":"b","kind":"click","n":4}\nnot json\n{"user":"a","kind":"view","n":2}\n\n',
  'docs/readme.md': '# Shop\n\nA small shop. See [docs](https://example.com/docs) and [api](https://api.example.com/v2?x=1).\n\n## Install\n\n' +
    '```sh\nnpm i\n```\n\n## Use\n\n- one\n- two\n  - nested\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
  'docs/changelog.md': '## 1.2.0 - 2026-01-10\n- added: search\n- fixed: login\n\n## 1.10.0 - 2026-03-02\n- added: export\n\n' +
    '## 1.9.1 - 2026-02-20\n- fixed: dates\n',
};
const encoder = new TextEncoder();
async function sign(secret, message) {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', key, encoder.encode(message))).toString('hex');
}

const order = object({
  id: text, customerId: text, status: text, currency: text, total: number, createdAt: text,
  lines: list(object({ sku: text, quantity: integer, unitPrice: number })),
});
const customer = object({ id: text, name: text, email: orNull(text), country: text, tier: text, createdAt: text });
const product = object({ sku: text, title: text, category: text, price: number, tags: list(text) });
const event = object({ id: text, type: text, userId: text, at: text, durationMs: number });

// name: [description, arguments, result, answer(arguments, state of the run)]
const tools = {
  'orders:list': ['Orders, oldest first, in pages.', object({ limit: integer, cursor: orNull(text), status: text, customerId: text }, []),
    object({ items: list(order), nextCursor: orNull(text) }), ({ limit = 10, cursor, status, customerId }) => {
      const all = orders.filter((o) => (!status || o.status === status) && (!customerId || o.customerId === customerId));
      const from = cursor ? Number(atob(cursor)) : 0;
      return { items: all.slice(from, from + limit), nextCursor: from + limit < all.length ? btoa(String(from + limit)) : null };
    }],
  'orders:get': ['One order.', object({ id: text }), order, ({ id }) => {
    const found = orders.find((o) => o.id === id);
    if (!found) throw failure(`order ${id} not found`, 'NOT_FOUND');
    return found;
  }],
  'orders:update': ['Changes the status of an order.', object({ id: text, status: text, idempotencyKey: text }, ['id', 'status']),
    object({ id: text, status: text, changed: { type: 'boolean' } }), ({ id, status, idempotencyKey }, run) => {
      const key = idempotencyKey ?? `${id}:${status}`, changed = !run.keys.has(key);
      run.keys.add(key);
      return { id, status, changed };
    }],
  'customers:list': ['Customers by page, from 1.', object({ page: integer, pageSize: integer }, ['page']),
    object({ data: list(customer), page: integer, totalPages: integer }), ({ page, pageSize = 2 }) =>
      ({ data: customers.slice((page - 1) * pageSize, page * pageSize), page, totalPages: Math.ceil(customers.length / pageSize) })],
  'customers:get': ['One customer.', object({ id: text }), customer, ({ id }) => {
    const found = customers.find((c) => c.id === id);
    if (!found) throw failure(`customer ${id} not found`, 'NOT_FOUND');
    return found;
  }],
  'products:search': ['Products that match.', object({ query: text, category: text }, []), list(product), ({ query = '', category }) =>
    products.filter((p) => (!category || p.category === category) && p.title.toLowerCase().includes(query.toLowerCase()))],
  'inventory:check': ['How many pieces are in stock.', object({ sku: text }), object({ sku: text, available: integer, warehouse: text }), async ({ sku }) => {
    await wait(5);
    return { sku, available: (Number(sku.slice(4)) * 7) % 13, warehouse: Number(sku.slice(4)) % 2 ? 'east' : 'west' };
  }],
  'payments:charge': ['Charges a customer. The service is often busy: try again on the code UNAVAILABLE.',
    object({ customerId: text, amount: number, currency: text, idempotencyKey: text }, ['customerId', 'amount']),
    object({ id: text, status: text, amount: number }), ({ customerId, amount, idempotencyKey }, run) => {
      if (customerId === 'cus_4') throw failure('card declined', 'CARD_DECLINED');
      if ((run.charges = (run.charges ?? 0) + 1) % 3 !== 0) throw failure('payments are busy', 'UNAVAILABLE');
      run.paid ??= new Map();
      const key = idempotencyKey ?? `${run.charges}`;
      if (!run.paid.has(key)) run.paid.set(key, { id: `pay_${run.paid.size + 1}`, status: 'succeeded', amount });
      return run.paid.get(key);
    }],
  'rates:get': ['Exchange rates of a base currency.', object({ base: text }), object({ base: text, rates: { type: 'object', additionalProperties: number } }),
    ({ base }) => ({ base, rates: base === 'USD' ? { USD: 1, EUR: 0.92, GBP: 0.79 } : { USD: 1.087, EUR: 1, GBP: 0.858 } })],
  'jobs:start': ['Starts a job.', object({ kind: text }), object({ jobId: text }), ({ kind }, run) => {
    run.jobs ??= new Map();
    run.jobs.set(`job_${run.jobs.size + 1}`, { kind, polls: 0 });
    return { jobId: `job_${run.jobs.size}` };
  }],
  'jobs:status': ['The state of a job: running, done or failed.', object({ jobId: text }),
    object({ jobId: text, state: { enum: ['running', 'done', 'failed'] }, progress: number, result: { type: ['object', 'null'] } }), ({ jobId }, run) => {
      const job = run.jobs?.get(jobId);
      if (!job) throw failure(`job ${jobId} not found`, 'NOT_FOUND');
      job.polls++;
      const last = job.kind === 'stuck' ? Infinity : job.kind === 'bad' ? 2 : 3, over = job.polls >= last;
      return { jobId, state: over ? (job.kind === 'bad' ? 'failed' : 'done') : 'running', progress: over ? 1 : job.polls / 4,
        result: over && job.kind !== 'bad' ? { rows: 42, kind: job.kind } : null };
    }],
  'files:read': ['The text of a file.', object({ path: text }), object({ path: text, content: text }), ({ path }) => {
    if (!Object.hasOwn(files, path)) throw failure(`no such file: ${path}`, 'ENOENT');
    return { path, content: files[path] };
  }],
  'files:list': ['The paths of the files below a prefix.', object({ prefix: text }, []), list(text), ({ prefix = '' }) =>
    Object.keys(files).filter((path) => path.startsWith(prefix)).sort()],
  'files:write': ['Writes a file.', object({ path: text, content: text }), object({ path: text, bytes: integer }), ({ path, content }, run) => {
    (run.written ??= new Map()).set(path, content);
    return { path, bytes: encoder.encode(content).length };
  }],
  'events:list': ['Events, oldest first.', object({ since: text, until: text, type: text }, []), list(event), ({ since = '', until = '~', type }) =>
    events.filter((e) => e.at >= since && e.at < until && (!type || e.type === type))],
  'search:documents': ['Searches documents; it may be slow.', object({ query: text, delayMs: integer }, ['query']),
    object({ hits: list(object({ title: text, score: number })) }), async ({ query, delayMs = 0 }) => {
      await wait(delayMs);
      return { hits: [{ title: `about ${query}`, score: 0.91 }, { title: `not ${query}`, score: 0.13 }, { title: `${query} guide`, score: 0.55 }] };
    }],
  'api:get': ['Reads a resource of a service that limits the rate: on the code RATE_LIMITED try again later.', object({ path: text }),
    object({ status: integer, body: {} }), ({ path }, run) => {
      run.gets ??= new Map();
      const count = (run.gets.get(path) ?? 0) + 1;
      run.gets.set(path, count);
      if (path.startsWith('/limited') && count < 3) throw failure('rate limited: retry after 4 ms', 'RATE_LIMITED');
      if (path.startsWith('/down')) throw failure('service unavailable', 'UNAVAILABLE');
      return { status: path.startsWith('/missing') ? 404 : 200, body: path.startsWith('/missing') ? null : { path, count } };
    }],
  'webhooks:pending': ['Deliveries that nobody has checked. The signature is the HMAC-SHA-256 of `timestamp.payload`, in hex.', object({}),
    list(object({ id: text, timestamp: integer, payload: text, signature: text })), () => Promise.all([1, 2, 3].map(async (n) => {
      const payload = JSON.stringify({ event: 'order.paid', orderId: `ord_00${n}` }), timestamp = 1767400000 + n;
      return { id: `whd_${n}`, timestamp, payload, signature: await sign(n === 2 ? 'wrong' : 'whsec_test', `${timestamp}.${payload}`) };
    }))],
  'secrets:signing': ['The key that webhooks are signed with.', object({}), object({ key: text }), () => ({ key: 'whsec_test' })],
  'mail:send': ['Sends a mail.', object({ to: text, subject: text, body: text }), object({ messageId: text, accepted: { type: 'boolean' } }),
    ({ to }, run) => ({ messageId: `msg_${run.mails = (run.mails ?? 0) + 1}`, accepted: to.includes('@') })],
  'kv:get': ['A stored value.', object({ key: text }), object({ key: text, value: orNull(text) }), ({ key }, run) =>
    ({ key, value: run.store?.get(key) ?? null })],
  'kv:set': ['Stores a value.', object({ key: text, value: text }), object({ ok: { type: 'boolean' } }), ({ key, value }, run) => {
    (run.store ??= new Map()).set(key, value);
    return { ok: true };
  }],
  'metrics:query': ['Points of a metric, one a minute.', object({ name: text, minutes: integer }, ['name']),
    object({ name: text, points: list(object({ t: integer, v: orNull(number) })) }), ({ name, minutes = 20 }) => ({
      name, points: Array.from({ length: minutes }, (_, i) => ({ t: 1767430800 + i * 60, v: i % 9 === 7 ? null : (i * i * 31 + name.length * 17) % 100 })),
    })],
  'tickets:list': ['Support tickets.', object({ state: text }, []),
    list(object({ id: integer, title: text, state: text, labels: list(text), assignee: orNull(text), openedAt: text, body: text })), ({ state }) => [
      { id: 11, title: 'Login fails with SSO', state: 'open', labels: ['bug', 'auth'], assignee: 'ada',
        openedAt: '2026-01-04T09:00:00Z', body: 'Users see a 500. cc @bob' },
      { id: 12, title: 'Export to CSV', state: 'open', labels: ['feature'], assignee: null,
        openedAt: '2026-01-07T15:30:00Z', body: 'As #11 says, exports are slow.' },
      { id: 13, title: 'login FAILS with sso!', state: 'closed', labels: ['bug', 'duplicate'], assignee: 'bob',
        openedAt: '2026-01-08T11:45:00Z', body: 'Same as #11 @ada @bob' },
      { id: 14, title: 'Dark mode', state: 'open', labels: ['feature', 'ui'], assignee: 'ada',
        openedAt: '2026-02-01T08:00:00Z', body: 'Please.' },
    ].filter((ticket) => !state || ticket.state === state)],
};

export const declarations = Object.entries(tools).map(([name, [description, args, result]]) => ({ name, description, arguments: args, result }));

/** The tools of one run: call(name, args) answers, or throws an Error with a code. */
export function openRun() {
  const run = { keys: new Set() };
  return async (name, args) => {
    if (!Object.hasOwn(tools, name)) throw failure(`unknown tool ${name}`, 'TOOL_NOT_FOUND');
    // As over a wire: the answer is a copy.
    return JSON.parse(JSON.stringify(await tools[name][3](args ?? {}, run)));
  };
}
