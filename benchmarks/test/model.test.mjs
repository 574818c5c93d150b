import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benchmarks } from '../peers/paths.mjs';
import { bounds, brokerBears, costsOf, sized, valuesOf } from '../report/capacity.mjs';
import { composed, fit, judged, judgedAll, predict, solved } from '../report/model.mjs';
import { againSection, sectionsOf, sessionsPages, written } from '../report/sessions-page.mjs';

/** The cost of a part with known coefficients and idle cost. */
const cost = ({ toolCalls, lines, clients }, [s, t, l, s2, t2, l2]) => s + t * toolCalls + l * lines + (s2 + t2 * toolCalls + l2 * lines) / clients;

const known = { 'cpu.broker': { own: [2, 0.3, 0.05, 1, 1.5, 0.01], idle: 4 }, 'counts.writes': { own: [2, 0.1, 0, 1, 2, 0], idle: 0.5 } };

/** Lines as the bench prints them, from known costs. */
function measured(setup, parts = known, loads = [[0, 0, 1], [10, 0, 1], [0, 10, 1], [0, 0, 8], [10, 0, 8], [0, 10, 8]], more = [[3, 0, 8], [1.6, 0.2, 4]]) {
  const line = isFitted => ([toolCalls, lines, clients]) => {
    const load = { setup, load: `${toolCalls} ${lines}`, toolCalls, lines, clients, sessions: 100, seconds: 2 + clients, isFitted, cpu: {}, counts: {} };
    for (const [name, { own, idle }] of Object.entries(parts))
      load[name.split('.')[0]][name.split('.')[1]] = cost(load, own) + idle * load.seconds / load.sessions;
    return load;
  };
  const idle = { setup, load: 'idle', sessions: 0, seconds: 10, clients: 0, cpu: {}, counts: {} };
  for (const [name, { idle: value }] of Object.entries(parts)) idle[name.split('.')[0]][name.split('.')[1]] = value;
  return [...loads.map(line(true)), ...more.map(line(false)), idle];
}

const near = (one, other) => ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`);

test('six loads and an idle time give back what they were made from, and predict what they were not', () => {
  const lines = measured('a'), model = fit(lines, 'a');

  for (const [name, { own, idle }] of Object.entries(known)) {
    equal(model[name].idle, idle);
    own.forEach((value, i) => near(model[name].coefficients[i], value));
  }

  const rows = judged(lines, 'a', model);
  equal(rows.length, 2);
  for (const { errors } of rows) for (const { error } of Object.values(errors)) near(error, 0);
});

test('an error is what the model says more than was measured', () => {
  const lines = measured('a');
  const off = lines.find(line => line.toolCalls === 3);
  off.cpu.broker /= 2;

  const [{ errors }] = judged(lines, 'a', fit(lines, 'a'));

  near(errors['cpu.broker'].error, 1);
  near(errors['counts.writes'].error, 0);
});

test('a prediction is never below nothing', () => equal(predict({ idle: 0, coefficients: [-5, 0, 0, 0, 0, 0] }, { toolCalls: 0, lines: 0, clients: 1 }), 0));

test('loads that say the same twice make no model', () => {
  throws(() => fit(measured('a', known, [[0, 0, 1], [10, 0, 1], [0, 0, 8], [10, 0, 8]]), 'a'), /do not tell the costs apart/);
  throws(() => fit(measured('a').filter(line => line.sessions > 0), 'a'), /no idle time/);
  throws(() => solved([[1, 2], [2, 4]], [1, 2]), /do not tell/);
});

test('a setup that was never measured is the sum of what was', () => {
  const parts = (broker, more = {}) => ({ 'cpu.broker': { own: [broker, 0.1, 0.1, 0.1, 0.1, 0.1], idle: broker }, ...more });
  const rabbit = { 'cpu.rabbitmq': { own: [2, 0, 0, 0, 0, 0], idle: 6 } }, postgres = { 'cpu.postgres': { own: [3, 0, 0, 0, 0, 0], idle: 1 } };
  const lines = [...measured('queues', parts(2, rabbit)), ...measured('store', parts(5, postgres)), ...measured('plain', parts(1)), ...measured(
    'both', { ...parts(6, { ...rabbit, ...postgres }), 'cpu.broker': { own: [6, 0.1, 0.1, 0.1, 0.1, 0.1], idle: 6 } })];

  const rows = judgedAll(lines, 'both', composed(fit(lines, 'queues'), fit(lines, 'store'), fit(lines, 'plain')));

  equal(rows.length, 8);
  for (const { errors } of rows) {
    deepEqual(Object.keys(errors).toSorted(), ['cpu.broker', 'cpu.postgres', 'cpu.rabbitmq']);
    for (const { error } of Object.values(errors)) near(error, 0);
  }
});

test('what both have and what is taken away has not is taken once', () => {
  const workers = { 'counts.clientBytes': { idle: 0, coefficients: [7, 0, 0, 0, 0, 0] } };
  deepEqual(composed(workers, workers, {})['counts.clientBytes'].coefficients, [7, 0, 0, 0, 0, 0]);
});

const a = { ...valuesOf(), use: 0.5, life: 1, databaseCores: 10, queueCores: 4, walBytes: 1e6, databaseConnections: 100, brokerConnections: 20,
  brokerSessions: 50, brokerCores: 2, runtimeSessions: 5, runtimeCores: 2, keepDays: 2, nodeCores: 10, brokerMemory: 1, runtimeMemory: 2 };
const prices =
  { 'cpu.broker': 1, 'cpu.runtimes': 2, 'cpu.workers': 3, 'cpu.postgres': 5, 'cpu.rabbitmq': 10, 'counts.walBytes': 1000,
    'counts.writes': 3, 'counts.sessionBytes': 400, 'counts.eventBytes': 600, 'counts.messagesIn': 5, 'counts.messagesOut': 5, 'counts.brokerQueueBytes': 100,
    'counts.runtimeQueueBytes': 100 };

test('each part bears what its cores, its bytes and its connections allow', () => {
  deepEqual(bounds(prices, a), { 'the database\'s cores': 1000, 'the database\'s WAL': 1000, 'the database\'s connections': 250, 'RabbitMQ\'s cores': 200 });
  deepEqual(brokerBears(prices, a), { by: 'sessions', rate: 50 });
  deepEqual(brokerBears(prices, { ...a, life: 0.01 }), { by: 'cores', rate: 1000 });
});

test('a rate asks for as many stamps as the first bound says, and for brokers and runtimes by what they bear', () => {
  const size = sized(prices, a, 1000);

  deepEqual([size.first, size.stamps, size.brokers, size.runtimes], ['RabbitMQ\'s cores', 5, 20, 200]);
  deepEqual(size.cores, { brokers: 40, runtimes: 400, databases: 150, queues: 60 });
  deepEqual([size.nodes, size.memory, size.databaseConnections, size.queueConnections], [65, 420, 400, 220]);
  deepEqual([size.perDay, size.kept, size.wal, size.writes, size.messages], [86.4e9, 172.8e9, 1e6, 3000, 10_000]);
});

test('a tier of nearly nothing still outlives one pod of each kind', () => {
  const { stamps, brokers, runtimes } = sized(prices, a, 1);
  deepEqual([stamps, brokers, runtimes], [1, 2, 3]);
});

test('what a session is said to cost follows what is assumed', () => {
  const model = fit(measured('a'), 'a'), less = costsOf(model, { toolCalls: 0, lines: 0, clients: 1 }), more = costsOf(
    model, { toolCalls: 10, lines: 0, clients: 1 });
  near(less['cpu.broker'], 3);
  near(more['cpu.broker'], 3 + 10 * 1.8);
});

const [kept, again] = ['sessions.json', 'sessions-again.json'].map(file => JSON.parse(readFileSync(join(benchmarks, 'results', file), 'utf8')));

test('two runs are compared load by load', () => {
  const lines = measured('a'), second = measured('a');
  for (const line of second.filter(({ sessions }) => sessions > 0)) line.cpu.broker *= line.toolCalls === 3 ? 3 : 2;
  const row = againSection(lines, second).text.split('\n').at(-1).split('|').map(cell => cell.trim());

  // The model follows a cost that doubles everywhere, and predicts too little for one that triples.
  deepEqual(row.slice(1, 6), ['broker', '2', '2', '3', '0 %']);
  deepEqual(row.slice(7, 8), ['8']);
});

test('the pages show the tables of what was measured last', () => {
  for (const page of sessionsPages) {
    const text = readFileSync(page, 'utf8');
    ok(/<!-- sessions: /.test(text), page);
    equal(written(text, kept.lines, again.lines), text, `${page}: ./bench.sh --http --model --docs`);
  }

  throws(() => written('<!-- sessions: None -->\n<!-- end -->', kept.lines, again.lines), /no table 'None'/);
});

test('what was measured lacks no part', () => {
  const titles = sectionsOf(kept.lines).map(({ title }) => title);
  ok(titles.includes('What so many sessions a second ask for'), titles.join());
  for (const line of kept.lines.filter(({ sessions }) => sessions > 0)) {
    const wanted = ['broker', 'workers', ...(line.setup.includes('runtimes') ? ['runtimes'] : []), ...(line.setup.includes('store') ? ['postgres'] : []), ...(
      line.setup.includes('queues') ? ['rabbitmq'] : [])];
    for (const part of wanted) ok(line.cpu[part] > 0, `${line.setup}, ${line.load}: ${part}`);
  }
});

test('an assumption that is none is refused', () => {
  for (const setting of ['lives=3', 'life=0', 'life=much', 'life']) {
    const { status, stderr } = spawnSync(process.execPath, [join(benchmarks, 'sessions.mjs'), 'none', '--model', '--set', setting], { encoding: 'utf8' });
    equal(status, 1);
    ok(stderr.includes(`--set is "${setting}"`), stderr);
  }
});
