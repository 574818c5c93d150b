// The tools of the recorded programs: pure functions of their arguments, except ops.flaky, which counts its calls by key.
const cities = ['Berlin', 'Lyon', 'Oslo', 'Porto', 'Graz'], tiers = ['gold', 'silver', 'basic'];
const names = ['Ada Moreau', 'Bo Lindqvist', 'Cem Aydin', 'Dana Weiss', 'Eli Novak', 'Fay O’Brien', 'Gil Santos', 'Hana Kato', 'Ivo Marek',
  'Joy Adeyemi', 'Kai Jensen', 'Lea Roth', 'Mo Farouk', 'Nia Costa', 'Ole Dahl', 'Pia Klein', 'Quin Ellis', 'Rui Alves', 'Sam Hughes',
  'Tea Babic', 'Uma Iyer', 'Vic Stone', 'Wen Zhao'];
const customers = names.map((name, i) => ({
  id: `c${i + 1}`, name, city: cities[i % cities.length], tier: tiers[i % tiers.length],
  email: `${name.split(' ')[0].toLowerCase()}@example.com`, joined: `20${18 + i % 6}-0${1 + i % 9}-1${i % 10}`,
}));
const products = ['Lamp', 'Desk', 'Chair', 'Mug', 'Pen', 'Book', 'Clock', 'Shelf', 'Rug', 'Vase', 'Plant', 'Frame'].map((title, i) => ({
  sku: `P-${String(i + 1).padStart(3, '0')}`, title, price: Math.round((4.5 + i * 7.35) * 100) / 100, stock: (i * 7) % 11,
  tags: i % 2 ? ['office'] : ['home', 'gift'],
}));
const states = ['open', 'paid', 'shipped', 'cancelled'];
const orders = Array.from({ length: 40 }, (_, i) => {
  const lines = [0, 1, 2].slice(0, 1 + i % 3).map((k) => {
    const product = products[(i * 5 + k * 3) % products.length];
    return { sku: product.sku, quantity: 1 + (i + k) % 4, price: product.price };
  });
  return {
    id: 1001 + i, customer: customers[(i * 3) % customers.length].id, status: states[i % states.length], lines,
    total: Math.round(lines.reduce((sum, line) => sum + line.quantity * line.price, 0) * 100) / 100,
    placed: new Date(Date.UTC(2025, i % 12, 1 + (i * 5) % 28, i % 24, 30)).toISOString(),
  };
});
const texts = {
  'sales.csv': 'region,month,units\nnorth,2025-01,12\nsouth,2025-01,7\nnorth,2025-02,15\nsouth,2025-02,11\neast,2025-02,3\n',
  'app.log': '2025-03-01T10:00:00Z INFO start\n2025-03-01T10:00:05Z WARN slow query (1200 ms)\n2025-03-01T10:00:09Z ERROR code=42 timeout\n'
    + '2025-03-01T10:01:00Z INFO done\n2025-03-01T10:02:00Z ERROR code=7 refused\n',
  'notes.md': '# Plan\n\n- buy **paint**\n- call [Ada](https://example.com/ada)\n\n## Later\n\n- fix the *roof*\n',
  'config.json': '{"name":"demo","retries":3,"hosts":["a.example","b.example"],"nested":{"on":true}}',
};
const rates = { EUR: 1, USD: 1.25, GBP: 0.8, JPY: 160 };
const counts = new Map();
const fail = (message) => { throw new Error(message); };
const text = { type: 'string' }, number = { type: 'number' }, whole = { type: 'integer' };
const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false });
const list = (items) => ({ type: 'array', items });
const customer = object({ id: text, name: text, city: text, tier: text, email: text, joined: text });
const line = object({ sku: text, quantity: whole, price: number });
const order = object({ id: whole, customer: text, status: text, lines: list(line), total: number, placed: text });
const product = object({ sku: text, title: text, price: number, stock: whole, tags: list(text) });

export const servers = {
  crm: {
    get_customer: {
      input: object({ id: text }), output: customer, description: 'One customer by id.',
      run: ({ id }) => customers.find((one) => one.id === id) ?? fail(`no customer ${id}`),
    },
    list_customers: {
      input: object({ page: { ...whole, minimum: 1 }, limit: { ...whole, minimum: 1, maximum: 10 } }, []),
      output: object({ items: list(customer), next: { type: ['integer', 'null'] }, total: whole }), description: 'Customers in pages.',
      run({ page = 1, limit = 10 }) {
        const items = customers.slice((page - 1) * limit, page * limit);
        return { items, next: page * limit < customers.length ? page + 1 : null, total: customers.length };
      },
    },
    search: {
      input: object({ query: text }), output: object({ items: list(customer) }), description: 'Customers whose name or city has the text.',
      run: ({ query }) => ({ items: customers.filter((one) => `${one.name} ${one.city}`.toLowerCase().includes(query.toLowerCase())) }),
    },
  },
  shop: {
    list_orders: {
      input: object({ customer: text, status: { ...text, enum: states }, limit: { ...whole, minimum: 1, maximum: 50 } }, []),
      output: object({ orders: list(order) }), description: 'Orders, oldest first.',
      run: ({ customer, status, limit = 50 }) => ({
        orders: orders.filter((one) => (!customer || one.customer === customer) && (!status || one.status === status)).slice(0, limit),
      }),
    },
    get_order: {
      input: object({ id: whole }), output: order, description: 'One order by id.',
      run: ({ id }) => orders.find((one) => one.id === id) ?? fail(`no order ${id}`),
    },
    get_product: {
      input: object({ sku: text }), output: product, description: 'One product by its number.',
      run: ({ sku }) => products.find((one) => one.sku === sku) ?? fail(`no product ${sku}`),
    },
    list_products: {
      input: object({ tag: text, cursor: text }, []), output: object({ products: list(product), cursor: text }, ['products']),
      description: 'Products, five at a time; cursor continues.',
      run({ tag, cursor = '0' }) {
        const all = products.filter((one) => !tag || one.tags.includes(tag)), at = Number(cursor);
        return { products: all.slice(at, at + 5), ...(at + 5 < all.length && { cursor: String(at + 5) }) };
      },
    },
  },
  ops: {
    flaky: {
      input: object({ key: text, failures: whole }, ['key']), output: object({ ok: { type: 'boolean' }, attempts: whole }),
      description: 'Fails the first calls of a key.',
      run({ key, failures = 1 }) {
        const attempts = (counts.get(key) ?? 0) + 1;
        counts.set(key, attempts);
        return attempts <= failures ? fail(`attempt ${attempts} failed`) : { ok: true, attempts };
      },
    },
    read_text: {
      input: object({ name: { ...text, enum: Object.keys(texts) } }), output: object({ text }), description: 'The text of a document.',
      run: ({ name }) => ({ text: texts[name] }),
    },
    convert: {
      input: object({ amount: number, from: { ...text, enum: Object.keys(rates) }, to: { ...text, enum: Object.keys(rates) } }),
      output: object({ amount: number, currency: text }), description: 'Converts money at fixed rates.',
      run: ({ amount, from, to }) => ({ amount: Math.round(amount / rates[from] * rates[to] * 100) / 100, currency: to }),
    },
  },
};
