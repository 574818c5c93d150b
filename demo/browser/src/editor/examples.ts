import type { BrokerLimits } from '../run/limits.js';

/** An example script. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** A description of what it shows. */
  readonly note: string;
  readonly code: string;
  /** Limits that suit the example. */
  readonly limits?: BrokerLimits;
}

/** Examples of what a session does. All are AgentScript at STANDARD and at SECURE. */
export const examples: readonly [Example, ...Example[]] = [
  {
    id: 'hello',
    title: 'Hello, console',
    note: 'A script is the body of an async function: return gives its value.',
    code: `console.log('hello from an isolate that never ran before');
const squares = [1, 2, 3, 4].map((n) => n * n);
console.log('squares', squares);
return { greeting: 'hello', squares };
`,
  },
  {
    id: 'orders',
    title: 'Open orders with their customers',
    note: 'One tool call, then one for each customer in parallel.',
    code: `const orders = await callTool(
  'orders:list', { status: 'open', limit: 6 });
console.log(orders.length + ' open orders');

const ids = orders.map((order) => order.customer)
  .filter((id, index, all) => all.indexOf(id) === index);
const customers = await parallel(
  ids, (id) => callTool('customers:get', { id }));

const rows = orders.map(({ id, customer, total }) => {
  const { name, city } = customers[ids.indexOf(customer)];
  console.log(id, name, total);
  return { order: id, name, city, total };
});
return { rows, total: rows.reduce((sum, row) => sum + row.total, 0) };
`,
  },
  {
    id: 'long-tool',
    title: 'A long tool, to be cancelled',
    note: 'Press Cancel, or Escape here, while the tool works.',
    code: `console.log('asking for a report that takes 15 seconds');
const report = await callTool(
  'report:render', { seconds: 15 });
return report.pages;
`,
  },
  {
    id: 'endless',
    title: 'Work without an end',
    note: 'It has no loop to count: the time limit, 2 s here, stops it inside the engine.',
    limits: { sessionTtlMs: 2_000 },
    code: `// Each level calls the next one twice: 2 to the power of 60 calls.
const walk = (depth) =>
  depth === 0 ? 1 : walk(depth - 1) + walk(depth - 1);
console.log('this will not end by itself');
return walk(60);
`,
  },
  {
    id: 'loop',
    title: 'A loop that is too long',
    note: 'Loops are counted; the message names the line.',
    code: `let sum = 0;
for (let i = 0; i < 1000000; i++) {
  sum += i;
}
return sum;
`,
  },
  {
    id: 'refused',
    title: 'A script that is refused',
    note: 'It is examined before it runs. Each line with an issue is marked in the script.',
    code: `const text = '1 + 1';
const value = eval(text);
const make = [].constructor;
return value;
`,
  },
  {
    id: 'failing-tools',
    title: 'Tools that fail, and are caught',
    note: 'A failure is an error with a name, a message and maybe a code.',
    code: `const seen = [];
try {
  await callTool('always:fails', {});
} catch (error) {
  seen.push({ tool: 'always:fails', message: error.message });
}
try {
  await callTool('customers:get', { id: 404 });
} catch (error) {
  const { code, message } = error;
  seen.push({ tool: 'customers:get', code, message });
}
seen.forEach(({ tool, message }) => console.warn(tool, message));
return seen;
`,
  },
  {
    id: 'uncaught',
    title: 'A tool that fails, and is not caught',
    note: 'The failure ends the script; the timeline shows which call failed.',
    code: `const orders = await callTool('orders:list', { limit: 2 });
console.log('the first order is', orders[0].id);
await callTool('always:fails', {});
return 'never reached';
`,
  },
  {
    id: 'output',
    title: 'A lot of console output',
    note: '2,401 lines; the page keeps the newest 500 and says so.',
    code: `const lines = Array.from({ length: 6 }, (_, i) => i);
for (let i = 0; i < 400; i++) {
  const from = i * 6 + 1;
  console.log(lines.map((n) => 'this is line ' + (from + n)).join('\\n'));
}
console.log('\\u001b[31mnot red\\u001b[0m: only shown');
return 'done';
`,
  },
  {
    id: 'memory',
    title: 'A memory hog',
    note: 'It fills its heap; the limit stops it, and nothing else is affected.',
    code: `const row = Array.from({ length: 4000 }, (_, i) => i + 0.5);
const kept = [];
for (let i = 0; i < 4900; i++) {
  kept.push(row.slice());
  if (i % 500 === 0) console.log('kept ' + (i + 1) + ' rows');
}
return kept.length;
`,
  },
  {
    id: 'big-result',
    title: 'A big result',
    note: 'A tree that can be expanded step by step.',
    code: `const records = Array.from({ length: 1500 }, (_, i) => ({
  id: i + 1,
  name: 'record ' + (i + 1),
  even: i % 2 === 0,
}));
const long = 'a long text, '.repeat(400);
const nested = { a: { b: { c: [1, 2, 3] } } };
return { count: records.length, records, long, empty: [], nested };
`,
  },
];
