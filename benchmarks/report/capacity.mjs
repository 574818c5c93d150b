// Sizes a deployment for a rate of sessions: cores, nodes, memory, disk and connections of each part, from the measured cost of a session.
import { predict } from './model.mjs';

/** The assumptions, which are not measured. A table of the page lists them. */
export const assumptions = {
  toolCalls: { value: 3, what: 'tool calls of a session' },
  lines: { value: 2, what: 'console lines of a session' },
  life: { value: 1, what: 'seconds that a session lives, waits for tools included' },
  clients: { value: 16, what: 'sessions at once in a broker that divide its commits and wake-ups: no more than was measured' },
  use: { value: 0.6, what: 'part of a core that may be in use' },
  brokerSessions: { value: 60, what: 'sessions of a broker at which there is another one, as its autoscaler has it' },
  brokerCores: { value: 2, what: 'cores of a broker' },
  runtimeSessions: { value: 6, what: 'sessions of a runtime at which there is another one, as its autoscaler has it' },
  runtimeCores: { value: 2, what: 'cores of a runtime' },
  databaseCores: { value: 16, what: 'cores of a database\'s primary; two replicas of the same size beside it' },
  queueCores: { value: 8, what: 'cores of a RabbitMQ node of which the load is borne; two of the same size beside it for the copies' },
  walBytes: { value: 200e6, what: 'bytes of WAL a second that a primary writes and sends' },
  brokerConnections: { value: 20, what: 'connections of a broker to the database, at most (`MaxConnections`)' },
  databaseConnections: { value: 500, what: 'connections that a primary takes' },
  keepDays: { value: 7, what: 'days that sessions are kept (`keep_days`)' },
  nodeCores: { value: 16, what: 'cores of a node' },
  brokerMemory: { value: 1, what: 'GiB of a broker' },
  runtimeMemory: { value: 2.5, what: 'GiB of a runtime' },
};

/** Pods for sessions that mostly wait for tools. */
export const larger = { ...assumptions, ...Object.fromEntries(
  Object.entries({ runtimeSessions: 40, runtimeMemory: 10, brokerSessions: 400 }).map(([name, value]) => [name, { ...assumptions[name], value }])) };

export const valuesOf = (given = assumptions) => Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));

/** The cost of a session of the assumed kind for each part. */
export function costsOf(model, a) {
  const load = { toolCalls: a.toolCalls, lines: a.lines, clients: a.clients };
  return Object.fromEntries(Object.entries(model).map(([name, quantity]) => [name, predict(quantity, load)]));
}

/** The capacity of each part that cannot be duplicated, in sessions per second. The smallest is the capacity of one stamp. */
export function bounds(cost, a) {
  const bound = { };
  if (cost['cpu.postgres']) bound['the database\'s cores'] = a.databaseCores * a.use * 1000 / cost['cpu.postgres'];
  if (cost['counts.walBytes']) bound['the database\'s WAL'] = a.walBytes / cost['counts.walBytes'];
  if (cost['cpu.postgres']) bound['the database\'s connections'] = Math.floor(a.databaseConnections / a.brokerConnections) * brokerBears(cost, a).rate;
  if (cost['cpu.rabbitmq']) bound['RabbitMQ\'s cores'] = a.queueCores * a.use * 1000 / cost['cpu.rabbitmq'];
  return bound;
}

/** The capacity of one broker, and the part that bounds it. */
export function brokerBears(cost, a) {
  return least({ cores: a.brokerCores * a.use * 1000 / cost['cpu.broker'], sessions: a.brokerSessions / a.life });
}

/** The capacity of one runtime with its workers. */
export function runtimeBears(cost, a) {
  return least({ cores: a.runtimeCores * a.use * 1000 / ((cost['cpu.runtimes'] ?? 0) + cost['cpu.workers']), sessions: a.runtimeSessions / a.life });
}

function least(rates) {
  const [by, rate] = Object.entries(rates).toSorted(([, one], [, other]) => one - other)[0];
  return { by, rate };
}

/** The whole deployment for a rate of sessions per second. */
export function sized(cost, a, rate) {
  const all = Object.entries(bounds(cost, a)).toSorted(([, one], [, other]) => one - other);
  const stamps = all.length === 0 ? 1 : Math.ceil(rate / all[0][1]), broker = brokerBears(cost, a), runtime = runtimeBears(cost, a);
  const brokers = Math.max(2 * stamps, Math.ceil(rate / broker.rate)), runtimes = Math.max(3 * stamps, Math.ceil(rate / runtime.rate));
  const databases = cost['cpu.postgres'] ? stamps : 0, queues = cost['cpu.rabbitmq'] ? stamps : 0;
  const cores =
    { brokers: brokers * a.brokerCores, runtimes: runtimes * a.runtimeCores, databases: databases * 3 * a.databaseCores, queues: queues * 3 * a.queueCores };
  const perDay = rate * 86400 * ((cost['counts.sessionBytes'] ?? 0) + (cost['counts.eventBytes'] ?? 0));
  return {
    rate, first: all[0]?.[0], stamps, brokers, brokersBy: broker.by, runtimes, runtimesBy: runtime.by, databases, queues, cores,
    used: {
      brokers: rate * cost['cpu.broker'] / 1000,
      runtimes: rate * ((cost['cpu.runtimes'] ?? 0) + cost['cpu.workers']) / 1000,
      databases: rate * (cost['cpu.postgres'] ?? 0) / 1000,
      queues: rate * (cost['cpu.rabbitmq'] ?? 0) / 1000,
    },
    nodes: Math.ceil(Object.values(cores).reduce((sum, each) => sum + each, 0) / a.nodeCores),
    memory: brokers * a.brokerMemory + runtimes * a.runtimeMemory,
    perDay, kept: perDay * a.keepDays, wal: rate * (cost['counts.walBytes'] ?? 0), writes: rate * (cost['counts.writes'] ?? 0),
    messages: rate * ((cost['counts.messagesIn'] ?? 0) + (cost['counts.messagesOut'] ?? 0)),
    queueBytes: rate * ((cost['counts.brokerQueueBytes'] ?? 0) + (cost['counts.runtimeQueueBytes'] ?? 0)),
    databaseConnections: databases === 0 ? 0 : brokers * a.brokerConnections, queueConnections: queues === 0 ? 0 : brokers + runtimes,
  };
}
