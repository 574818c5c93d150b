import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { create } from 'react-test-renderer';
import { EnclaveProvider, useEnclaveClient, useEnclaveSession } from '../dist/react.js';
import { refuse, session, signal, startBroker } from './support/broker.js';
import { connect } from './support/client.js';
import { renderHook } from './support/hook.js';

const nothing = { state: 'idle', isRunning: false, sessionId: null, result: null, error: null, stdout: '', events: [] };
const isState = (state) => (view) => view.state === state;
const running = (x) => void x.stream().init();
const taken = refuse(200, {});

// The columns of a table of states: the state, and which other members are set.
const summary = ({ state, isRunning, sessionId, result, error, stdout, events }) => ({
  state,
  isRunning,
  named: sessionId !== null,
  result: result && (result.success ? result.value : result.error.code),
  error: error?.code ?? null,
  stdout,
  events: events.map((e) => e.type),
});

function watch() {
  const calls = [];
  const options = {};
  for (const name of ['onStart', 'onStdout', 'onLog', 'onToolCall', 'onToolResultApplied', 'onComplete', 'onError'])
    options[name] = (...args) => calls.push([name, ...args]);
  return { calls, options };
}

test('a run that succeeds: idle, running, completed', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    stream.event('stdout', { chunk: 'a' }).event('log', { level: 'info', message: 'm', data: { a: 1 } });
    stream.event('tool_call', { callId: 'c_1', toolName: 't', args: 1 }).event('tool_result_applied', { callId: 'c_1' }).event('stdout', { chunk: 'b' });
    await go.promise;
    stream.final({ ok: true, result: 2 });
  });
  const { calls, options } = watch();
  const hook = await renderHook(t, { client: connect(broker.url).client }, options);
  assert.deepEqual(hook.shown, [nothing]);

  const run = hook.session.execute('return 2');
  await hook.until((view) => view.events.length === 6);
  const [, first] = hook.shown;
  assert.equal(first.state, 'running');
  assert.equal(first.isRunning, true);
  assert.match(first.sessionId, /^s_/);
  assert.equal(hook.shown.at(-1).stdout, 'ab');
  go.set();
  const result = await run;
  await hook.until(isState('completed'));
  assert.deepEqual(summary(hook.shown.at(-1)), {
    state: 'completed',
    isRunning: false,
    named: true,
    result: 2,
    error: null,
    stdout: 'ab',
    events: ['session_init', 'stdout', 'log', 'tool_call', 'tool_result_applied', 'stdout', 'final'],
  });
  assert.deepEqual(calls, [['onStart'], ['onStdout', 'a'],
    ['onLog', 'info', 'm', { a: 1 }], ['onToolCall', 'c_1', 't', 1], ['onToolResultApplied', 'c_1'], ['onStdout', 'b'], ['onComplete', result]]);
});

test('options go along as limits', async (t) => {
  const broker = await startBroker(t, session(1), session(1));
  const client = { client: connect(broker.url).client };
  const hook = await renderHook(t, client, { sessionId: 's_mine', timeoutMs: 5, maxToolCalls: 2, heartbeatIntervalMs: 9 });
  await hook.session.execute('x');
  assert.deepEqual(broker.requests[0].json, {
    sessionId: 's_mine',
    code: 'x',
    config: { maxExecutionMs: 5, maxToolCalls: 2, heartbeatIntervalMs: 9 },
    limits: { sessionTtlMs: 5, maxToolCalls: 2, heartbeatIntervalMs: 9 },
  });
  await hook.rerender(client, {});
  await hook.session.execute('y');
  assert.equal(broker.requests[1].json.limits, undefined);
});

test('a run that fails: error, with onError before onComplete', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: false, error: { code: 'TOOL_ERROR', message: 'm' } }));
  const { calls, options } = watch();
  const hook = await renderHook(t, { client: connect(broker.url).client }, options);
  const result = await hook.session.execute('x');
  await hook.until(isState('error'));
  const last = hook.shown.at(-1);
  assert.deepEqual(
    summary(last), { state: 'error', isRunning: false, named: true, result: 'TOOL_ERROR', error: 'TOOL_ERROR', stdout: '', events: ['session_init', 'final'] });
  assert.deepEqual(last.error, { code: 'TOOL_ERROR', message: 'm' });
  assert.deepEqual(calls, [['onStart'], ['onError', { code: 'TOOL_ERROR', message: 'm' }], ['onComplete', result]]);
});

for (const reason of [undefined, 'no longer needed']) {
  test(`a run that is cancelled, reason ${reason}: cancelled, without an error`, async (t) => {
    const broker = await startBroker(t, running, taken);
    const { calls, options } = watch();
    const hook = await renderHook(t, { client: connect(broker.url).client }, options);
    const run = hook.session.execute('x');
    await hook.until((view) => view.events.length === 1);
    await hook.session.cancel(reason);
    const result = await run;
    await hook.until(isState('cancelled'));
    assert.deepEqual(summary(hook.shown.at(-1)),
      { state: 'cancelled', isRunning: false, named: true, result: 'CANCELLED', error: null, stdout: '', events: ['session_init'] });
    assert.deepEqual(calls, [['onStart'], ['onComplete', result]]);
  });
}

test('a session that the broker cancelled shows as error', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: false, error: { code: 'SESSION_CANCELLED', message: 'm' } }));
  const hook = await renderHook(t, { client: connect(broker.url).client });
  await hook.session.execute('x');
  await hook.until(isState('error'));
  assert.equal(hook.shown.at(-1).error.code, 'SESSION_CANCELLED');
});

test('an error event calls onError and changes no state', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().event('error', { message: 'soft' }).final({ ok: true, result: 1 }));
  const { calls, options } = watch();
  const hook = await renderHook(t, { client: connect(broker.url).client }, options);
  await hook.session.execute('x');
  await hook.until(isState('completed'));
  assert.deepEqual(calls[1], ['onError', { code: 'UNKNOWN', message: 'soft' }]);
  assert.ok(hook.shown.every((view) => view.error === null));
});

test('reset empties, and does not end a run, whose end is shown', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init().event('stdout', { chunk: 'a' });
    await go.promise;
    stream.final({ ok: true, result: 1 });
  });
  const hook = await renderHook(t, { client: connect(broker.url).client });
  const run = hook.session.execute('x');
  await hook.until((view) => view.stdout === 'a');
  hook.session.reset();
  await hook.until((view) => hook.shown.length > 1 && view === hook.shown.at(-1) && view.state === 'idle');
  assert.deepEqual(hook.shown.at(-1), nothing);
  go.set();
  await run;
  await hook.until(isState('completed'));
  hook.session.reset();
  await hook.until((view) => view === hook.shown.at(-1) && view.state === 'idle');
  assert.deepEqual(hook.shown.at(-1), nothing);
});

test('a second run begins empty', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().event('stdout', { chunk: 'a' }).final({ ok: false, error: { message: 'm' } }), running, taken);
  const hook = await renderHook(t, { client: connect(broker.url).client });
  await hook.session.execute('1');
  await hook.until(isState('error'));
  const run = hook.session.execute('2');
  await hook.until((view) => view === hook.shown.at(-1) && view.state === 'running' && view.events.length === 1);
  assert.deepEqual(
    summary(hook.shown.at(-1)), { state: 'running', isRunning: true, named: true, result: null, error: null, stdout: '', events: ['session_init'] });
  await hook.session.cancel();
  await run;
});

test('of two runs at once the newer one is shown', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    await go.promise;
    stream.event('stdout', { chunk: 'old' }).final({ ok: true, result: 'old' });
  }, session('new'));
  const hook = await renderHook(t, { client: connect(broker.url).client });
  const old = hook.session.execute('1');
  await hook.until((view) => view.events.length === 1);
  await hook.session.execute('2');
  go.set();
  assert.equal((await old).value, 'old');
  await hook.until(isState('completed'));
  await new Promise(setImmediate);
  assert.equal(hook.shown.at(-1).result.value, 'new');
  assert.equal(hook.shown.at(-1).stdout, '');
});

for (const [name, broken] of [['onStdout', 1], ['onStart', 0], ['onComplete', 1]]) {
  test(`${name} that throws is UNEXPECTED_ERROR, and execute resolves`, async (t) => {
    const stopped = signal();
    const answers = [(x) => x.stream().init().event('stdout', { chunk: 'a' }).final({ ok: true, result: 1 }), (x) => {
      taken(x);
      stopped.set();
    }];
    const count = { onStart: 0, onComplete: 1, onStdout: 2 }[name];
    const broker = await startBroker(t, ...answers.slice(0, count));
    const hook = await renderHook(t, { client: connect(broker.url).client }, {
      [name]: () => {
        throw new Error('mine');
      },
    });
    const result = await hook.session.execute('x');
    assert.deepEqual(result.error, { code: 'UNEXPECTED_ERROR', message: 'mine' });
    assert.equal(result.events.length > 0, broken === 1);
    await hook.until((view) => view.error?.code === 'UNEXPECTED_ERROR');
    if (count === 2) await stopped.promise;
  });
}

test('what is shown does not grow for ever', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream().init();
    for (let i = 0; i < 1500; i++) stream.event('stdout', { chunk: 'y'.repeat(1000) });
    stream.final({ ok: true });
  });
  const hook = await renderHook(t, { client: connect(broker.url).client });
  await hook.session.execute('x');
  await hook.until(isState('completed'));
  const last = hook.shown.at(-1);
  assert.equal(last.events.length, 1000);
  assert.equal(last.events.at(-1).type, 'final');
  assert.equal(last.stdout.length, 1_000_000);
});

test('a client made from settings is made once', async (t) => {
  const broker = await startBroker(t, session(1), session(2));
  const hook = await renderHook(t, { config: { baseUrl: broker.url } });
  const { execute, cancel, reset } = hook.session;
  await execute('1');
  await hook.rerender({ config: { baseUrl: 'http://127.0.0.1:9' } });
  await hook.until(isState('completed'));
  assert.deepEqual([hook.session.execute, hook.session.cancel, hook.session.reset], [execute, cancel, reset]);
  assert.equal((await hook.session.execute('2')).value, 2);
});

test('cancel without a run does nothing', async (t) => {
  const hook = await renderHook(t, { config: { baseUrl: 'http://127.0.0.1:9' } });
  await hook.session.cancel();
});

for (const use of [useEnclaveSession, useEnclaveClient]) {
  test(`${use.name} outside a provider names EnclaveProvider`, async () => {
    const failed = signal();
    class Boundary extends (await import('react')).Component {
      state = {};
      static getDerivedStateFromError = (error) => ({ error });
      componentDidCatch = failed.set;
      render() {
        return this.state.error ? null : this.props.children;
      }
    }
    const Probe = () => (use(), null);
    const { error } = console;
    console.error = () => {};
    try {
      create(createElement(Boundary, null, createElement(Probe)));
      assert.match((await failed.promise).message, /EnclaveProvider/);
    } finally {
      console.error = error;
    }
  });
}

test('a provider needs a client or settings', () => {
  assert.throws(() => EnclaveProvider({}), /./);
});
