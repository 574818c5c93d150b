import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startBroker } from './support/broker.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sample = (language) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readFileSync(`${root}README.md`, 'utf8'))[1];

test('the lines of the README run', async (t) => {
  const broker = await startBroker(t, (x) =>
    x.stream().init().event('stdout', { chunk: 'adding\n' }).event('tool_call', { callId: 'c_1', toolName: 'math:add', args: { a: 1, b: 2 } })
      .event('tool_result_applied', { callId: 'c_1' }).final({ ok: true, result: { sum: 3 } }));
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', sample('js'), 'x', broker.url], { cwd: root, env: { ENCLAVE_KEY: 'k' } });
  const { stdout } = await run;
  assert.equal(stdout, "adding\ncalls math:add { a: 1, b: 2 }\n{ sum: 3 }\n");
  assert.equal(broker.requests[0].headers.authorization, 'Bearer k');
});

test('the component of the README is the one whose types are checked', () => {
  assert.equal(sample('tsx'), readFileSync(`${root}test/sample.tsx`, 'utf8'));
});
