// The result of ./bench.sh --http --costs as files: the data, and a page with the measured loads, the model, its error, and its prediction for larger loads.
import { join } from 'node:path';
import { benchmarks } from '../peers/paths.mjs';
import { assumptions, bounds, costsOf, larger, sized, valuesOf } from './capacity.mjs';
import { compact, markdown } from './format.mjs';
import { machineTable } from './machine.mjs';
import { composed, fit, judged, judgedAll, quantitiesOf, setupsOf } from './model.mjs';

export const sessionsData = 'sessions.json';

/** A second run, stored to show the variation between runs. */
export const againData = 'sessions-again.json';

/** The pages with its tables: one with all of them, and those for planning a deployment. */
export const sessionsPages = [join(benchmarks, 'results', 'sessions-model.md'), join(benchmarks, '..', 'docs', 'scale.md')];

/** The setup for predictions of larger loads, and the setups that compose it. */
const whole = 'two runtimes, over queues, in a store', sockets = 'two runtimes', over = 'two runtimes, over queues', stored = 'embedded, in a store',
  plain = 'embedded';

export const rates = [1_000, 10_000, 100_000];

const parts = ['broker', 'runtimes', 'workers', 'postgres', 'rabbitmq'].map(name => `cpu.${name}`);
const amounts = ['writes', 'sessionRows', 'eventRows', 'sessionBytes', 'eventBytes', 'walBytes', 'messagesIn', 'messagesOut', 'brokerQueueBytes',
  'runtimeQueueBytes', 'clientBytes'].map(name => `counts.${name}`);

const words = {
  'cpu.broker': 'broker', 'cpu.runtimes': 'runtimes', 'cpu.workers': 'workers', 'cpu.postgres': 'PostgreSQL', 'cpu.rabbitmq': 'RabbitMQ',
  'counts.writes': 'commits', 'counts.sessionRows': 'session rows', 'counts.eventRows': 'event rows', 'counts.sessionBytes': 'bytes of session rows',
  'counts.eventBytes': 'bytes of events', 'counts.walBytes': 'bytes of WAL',
  'counts.messagesIn': 'messages to RabbitMQ', 'counts.messagesOut': 'messages from it', 'counts.brokerQueueBytes': 'bytes broker–RabbitMQ',
  'counts.runtimeQueueBytes': 'bytes runtimes–RabbitMQ', 'counts.clientBytes': 'bytes client–broker',
};

/** A map from file names to their content. */
export function sessionsFiles({ machine, lines, command }) {
  const page = [
    '# Sessions',
    `Written by \`${command}\`; what it does is in [the benchmarks' README](../README.md#sessions), the data in ` +
    `[${sessionsData}](${sessionsData}), its model in [sessions-model.md](sessions-model.md).`,
    machineTable(machine), ...sectionsOf(lines).map(({ title, text }) => `## ${title}\n\n${text}`),
  ];
  return new Map([[sessionsData, JSON.stringify({ machine, command, lines }, null, 1) + '\n'], ['sessions.md', page.join('\n\n') + '\n']]);
}

/** The tables, each under its title. */
export function sectionsOf(lines, given = assumptions) {
  return [
    { title: 'CPU of each part for a session, ms', text: measuredTable(lines, parts) },
    { title: 'Written and sent for a session', text: measuredTable(lines.filter(line => line.setup !== plain), amounts) },
    { title: 'When nobody asks for anything', text: idleTable(lines) },
    { title: 'The model', text: modelTable(lines) },
    { title: 'How far the model is off', text: errorTable(lines) },
    { title: 'How far the sum of the parts is off', text: compositionTable(lines) },
    ...(setupsOf(lines).includes(whole) ? [
      { title: 'What is assumed', text: markdown(
        { header: ['', 'value'], left: [true, false], rows: Object.values(given).map(({ value, what }) => [what, figure(value)]) }) },
      { title: 'What saturates first', text: boundsTable(lines, given) },
      { title: 'What so many sessions a second ask for', text: sizesTable(lines, given) },
    ] : []),
  ];
}

const loads = lines => lines.filter(({ sessions }) => sessions > 0);

/** Comparisons for other pages: one setup beside another, load by load. */
export function sectionsBeside(lines) {
  return [
    { title: 'The same with larger pods', text: sizesTable(lines, larger) },
    { title: 'In short', text: measuredTable(lines.filter(({ isFitted, clients }) => isFitted && clients === 8), parts) },
    { title: 'Sent in short', text: measuredTable(lines.filter(({ setup, isFitted, clients }) => setup === whole && isFitted && clients === 8), amounts) },
    { title: 'A store', text: besideTable(lines, [plain, stored], [
      ['CPU of the broker without, ms', 0, 'cpu.broker'], ['with', 1, 'cpu.broker'], ['of PostgreSQL', 1, 'cpu.postgres'], ['commits', 1, 'counts.writes'],
      ['rows of `event`', 1, 'counts.eventRows'],
      ['bytes of them', 1, 'counts.eventBytes'], ['of `session`', 1, 'counts.sessionBytes'], ['of WAL', 1, 'counts.walBytes'],
    ]) },
    { title: 'Queues', text: besideTable(lines, [sockets, over], [
      ['CPU of the broker over WebSocket, ms', 0, 'cpu.broker'], ['over queues', 1, 'cpu.broker'], ['of runtimes over WebSocket', 0, 'cpu.runtimes'],
      ['over queues', 1, 'cpu.runtimes'], ['of RabbitMQ', 1, 'cpu.rabbitmq'],
      ['messages to it', 1, 'counts.messagesIn'], ['bytes of the broker\'s connection', 1, 'counts.brokerQueueBytes'], [
        'of the runtimes\'', 1, 'counts.runtimeQueueBytes'],
    ]) },
  ];
}

function besideTable(lines, setups, columns) {
  const rows = loads(lines).filter(({ setup }) => setup === setups[1]).map(line => {
    const pair = [lines.find(other => other.setup === setups[0] && other.load === line.load && other.clients === line.clients), line].map(quantitiesOf);
    return [line.load, String(line.clients), ...columns.map(([, side, name]) => cell(pair[side][name]))];
  });
  return markdown({ header: ['a session of', 'clients', ...columns.map(([title]) => title)], left: [true, false, ...columns.map(() => false)], rows });
}

/** Two runs of the same loads: the CPU of each part in the second relative to the first, and the model's error in both. */
export function againSection(lines, again) {
  const there = parts.filter(name => lines.some(line => name in quantitiesOf(line)));
  const ratios = name => loads(again).flatMap(line => {
    const first = lines.find(other => other.setup === line.setup && other.load === line.load && other.clients === line.clients);
    return first && quantitiesOf(first)[name] > 0 ? [quantitiesOf(line)[name] / quantitiesOf(first)[name]] : [];
  }).toSorted((one, other) => one - other);
  const rows = there.map(name => {
    const all = ratios(name);
    return [words[name], ...[0, Math.floor((all.length - 1) / 2), all.length - 1].map(i => compact(all[i])),
      ...[lines, again].map(run => percent(Math.abs(middleError(run, name))).replace('+', '')), String(all.length)];
  });
  return { title: 'Run to run', text: markdown({ header: ['', 'least', 'median', 'most', 'median error of the model, first run', 'second', 'loads'], left: [
    true, false, false, false, false, false, false], rows }) };
}

function middleError(lines, name) {
  const all = setupsOf(lines).flatMap(setup => judged(lines, setup, fit(lines, setup)))
    .flatMap(({ errors: of }) => (of[name]?.error === undefined ? [] : [Math.abs(of[name].error)])).toSorted((one, other) => one - other);
  return all[Math.floor((all.length - 1) / 2)];
}

/** A page with each table between `<!-- sessions: TITLE -->` and `<!-- end -->` replaced by the one for these lines and those of a second run. */
export function written(page, lines, again) {
  const sections = [...sectionsOf(lines), ...sectionsBeside(lines), againSection(lines, again)];
  return page.replace(/(<!-- sessions: (.+) -->\n)[^]*?(<!-- end -->)/g, (_, head, title, end) => {
    const section = sections.find(each => each.title === title);
    if (!section) throw new Error(`there is no table '${title}'`);
    return `${head}${section.text}\n${end}`;
  });
}

function measuredTable(lines, names) {
  const there = names.filter(name => lines.some(line => name in quantitiesOf(line)));
  return markdown({
    header: ['scripts run', 'load', 'clients', 'sessions/s', ...there.map(name => words[name])], left: [true, true, false, false, ...there.map(() => false)],
    rows: loads(lines)
      .map(line => [line.setup, line.load, String(line.clients), figure(line.sessions / line.seconds), ...there.map(name => cell(quantitiesOf(line)[name]))]),
  });
}

function idleTable(lines) {
  const memory = line => parts.map(name => line.memory?.[name.slice(4)]);
  return markdown({
    header: ['scripts run', ...parts.map(name => `${words[name]}, ms/s`), ...parts.map(name => `${words[name]}, MB`)], left: [
      true, ...parts.flatMap(() => [false, false])],
    rows: lines.filter(({ sessions }) => sessions === 0).map(line =>
    [line.setup, ...parts.map(name => cell(quantitiesOf(line)[name])), ...memory(line).map(bytes => cell(bytes === undefined ? undefined : bytes / 1e6))]),
  });
}

function modelTable(lines) {
  const rows = setupsOf(lines).flatMap(setup => Object.entries(fit(lines, setup))
    .filter(([name]) => parts.includes(name)).map(([name, { coefficients }]) => [setup, words[name], ...coefficients.map(value => compact(value))]));
  return markdown({ header: ['scripts run', 'part, ms', 'session', 'tool call', 'console line', 'session, divided', 'tool call, divided',
    'line, divided'], left: [true, true, false, false, false, false, false, false], rows });
}

/** Loads to which nothing was fitted: the measurement, and the model's error. */
function errorTable(lines) {
  const rows = setupsOf(lines).flatMap(setup => judged(lines, setup, fit(lines, setup)));
  return `${errors(rows)}\n\n${summary(rows)}`;
}

function compositionTable(lines) {
  const setups = setupsOf(lines);
  if (![whole, over, stored, plain].every(setup => setups.includes(setup))) return 'Not measured: it takes a store and queues.';
  const model = composed(fit(lines, over), fit(lines, stored), fit(lines, plain));
  const rows = judgedAll(lines, whole, model);
  return `${errors(rows)}\n\n${summary(rows)}`;
}

function errors(rows) {
  return markdown({
    header: ['scripts run', 'load', 'clients', ...parts.map(name => words[name])], left: [true, true, false, ...parts.map(() => false)],
    rows: rows.map(({ line, errors: of }) => [line.setup, line.load, String(line.clients), ...parts.map(
      name => (of[name]?.error === undefined ? '' : `${cell(of[name].measured)}, ${percent(of[name].error)}`))]),
  });
}

function summary(rows) {
  const names = [...parts, ...amounts].filter(name => rows.some(({ errors: of }) => of[name]?.error !== undefined));
  return markdown({
    header: ['', 'median error', 'worst', 'loads'], left: [true, false, false, false],
    rows: names.map(name => {
      const all = rows.flatMap(({ errors: of }) => (of[name]?.error === undefined ? [] : [of[name].error]))
        .toSorted((one, other) => Math.abs(one) - Math.abs(other));
      return [words[name], percent(Math.abs(all[Math.floor((all.length - 1) / 2)])).replace('+', ''), percent(all.at(-1)), String(all.length)];
    }),
  });
}

function boundsTable(lines, given) {
  const a = valuesOf(given), cost = costsOf(fit(lines, whole), a);
  return markdown({ header: ['', 'sessions/s'], left: [true, false], rows: Object.entries(bounds(cost, a))
    .toSorted(([, one], [, other]) => one - other).map(([name, rate]) => [name, figure(rate)]) });
}

function sizesTable(lines, given) {
  const a = valuesOf(given), cost = costsOf(fit(lines, whole), a), sizes = rates.map(rate => sized(cost, a, rate));
  const row = (name, of) => [name, ...sizes.map(of)];
  return markdown({
    header: ['sessions a second', ...rates.map(figure)], left: [true, false, false, false],
    rows: [
      row('stamps: a database, a RabbitMQ, their brokers and runtimes', size => figure(size.stamps)),
      row('brokers (bounded by)', size => `${figure(size.brokers)} (${size.brokersBy})`),
      row('runtimes (bounded by)', size => `${figure(size.runtimes)} (${size.runtimesBy})`),
      row('cores that compute: brokers', size => figure(size.used.brokers)),
      row('runtimes and workers', size => figure(size.used.runtimes)),
      row('primaries of PostgreSQL', size => figure(size.used.databases)),
      row('RabbitMQ, without copies', size => figure(size.used.queues)),
      row('cores to have: brokers, runtimes, PostgreSQL, RabbitMQ', size => Object.values(size.cores).map(figure).join(' + ')),
      row(`nodes of ${a.nodeCores} cores`, size => figure(size.nodes)),
      row('GiB of memory of brokers and runtimes', size => figure(size.memory)),
      row('commits a second', size => figure(size.writes)),
      row('WAL, MB a second', size => figure(size.wal / 1e6)),
      row('disk a day, GB, each copy', size => figure(size.perDay / 1e9)),
      row(`kept for ${a.keepDays} days, TB, each copy`, size => figure(size.kept / 1e12)),
      row('connections to databases, at most', size => figure(size.databaseConnections)),
      row('connections to RabbitMQ', size => figure(size.queueConnections)),
      row('messages a second, in and out', size => figure(size.messages)),
      row('MB a second to and from RabbitMQ', size => figure(size.queueBytes / 1e6)),
    ],
  });
}

const figure = value => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : compact(value));

const cell = value => (value === undefined ? '' : figure(Math.abs(value) < 0.005 ? 0 : value));

const percent = value => `${value >= 0 ? '+' : '−'}${Math.round(Math.abs(value) * 100)} %`;
