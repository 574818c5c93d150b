/** A fleet with one of each kind of trouble, as a broker reports it. */
export const fleet = {
  time: 1_790_000_000_000,
  self: 'b1',
  silenceMs: 10_000,
  forgetMs: 60_000,
  brokers: [
    {
      kind: 'broker', id: 'b1', name: 'eu-1/100', state: 'ok', version: '1.2.3', address: 'http://10.0.0.1:3000', mode: 'queues', uptimeMs: 3_720_000,
      running: 12, waiting: 4, max: 100, total: 1_900, refused: 3, p50: 2.4, p99: 48, queues: [], tenants: [], otherTenants: 0, seenMs: 0,
    },
    { kind: 'broker', id: 'b2', name: 'eu-2/101', state: 'silent', version: '1.2.2', mode: 'queues',
      uptimeMs: 99, running: 7, waiting: 1, max: 100, total: 5, refused: 9, p50: null, p99: null, queues: [], tenants: [], otherTenants: 0, seenMs: 14_200 },
  ],
  runtimes: [
    {
      kind: 'runtime',
        id: 'r1', name: 'run-1/7', state: 'ok', version: '1.2.3', level: 'secure', queues: ['secure.default', 'secure.guests'], slots: 10, used: 3, seenMs: 400,
      pool: { workers: 4,
        active: 3, idle: 1, starting: 0, max: 10, queue: 0, queueAgeMs: 0, recycled: { poisoned: 2, age: 4 }, security: { protocol_violation: 1 } },
    },
    { kind: 'runtime', id: 'r2', name: 'run-2/8', state: 'silent', level: 'strict', queues: ['strict.partners'], slots: 10, used: 0, seenMs: 31_000 },
    { kind: 'runtime',
      id: 'ws://10.0.0.9:3001', name: 'ws://10.0.0.9:3001', state: 'unreachable', message: 'Connection refused', queues: [], slots: 10, used: 0, seenMs: 0 },
  ],
  queues: [{ name: 'secure.default', waiting: 4, published: 2, free: 7, ageMs: 1_800 },
    { name: 'strict.partners', waiting: 0, published: 0, free: 0, ageMs: 0 }],
  tenants: [{ name: 'acme', running: 9, waiting: 3, refused: 3 }, { name: '', running: 1, waiting: 0, refused: 0 }],
  otherTenants: 3,
  recycled: { poisoned: 2, age: 4 },
  security: { protocol_violation: 1 },
};
