// node beside the tests: runs a program with the stubs as its tools, and answers Enclave's tool calls with the same stubs. One JSON text a line.
import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { declarations, openRun } from './stubs.mjs';

const ts = createRequire(import.meta.url)(process.argv[2]);
const AsyncFunction = (async () => {}).constructor;
const calls = new Map();
process.on('unhandledRejection', () => {});

function toolsOf(call) {
  const tools = {};
  for (const { name } of declarations) {
    const parts = name.split(':');
    const owner = parts.slice(0, -1).reduce((space, part) => (space[part] ??= {}), tools);
    owner[parts.at(-1)] = (args) => call(name, args);
  }
  return tools;
}

const compile = (source) => ts.transpileModule(`(async () => {\n${source}\n})`, { compilerOptions: { target: 'ESNext', module: 'ESNext' } }).outputText
  .replace(/^export \{\};?$/m, '').trim().replace(/;$/, '');

const actions = {
  declarations: () => declarations,
  open({ run }) { calls.set(run, openRun()); },
  call({ run, name, args }) { return calls.get(run)(name, args); },
  async run({ source, isTyped }) {
    const call = openRun();
    let printed = '';
    const stdout = new Writable({ write(chunk, _, done) { printed += chunk; done(); } });
    const console = new Console({ stdout, stderr: stdout, inspectOptions: { breakLength: Infinity } });
    const program = new AsyncFunction('tools', 'callTool', 'console', `'use strict';\n${isTyped ? `return (${compile(source)})();` : source}`);
    const value = await program(toolsOf(call), call, console);
    return { value: value === undefined ? null : value, printed };
  },
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, action, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = { id, value: (await actions[action](rest)) ?? null };
  } catch (error) {
    answer = { id, error: error.message, code: error.code, stack: error.stack };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}).on('close', () => process.exit());
