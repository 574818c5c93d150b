// Makes programs.jsonl: each body of bodies.txt as a model would send it, with the value that the body has in this node. TZ=UTC node record.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { servers } from './tools.mjs';

const indent = (body, by = '  ') => body.split('\n').map((line) => line && by + line).join('\n');
const fence = (code, tag = 'js') => `\`\`\`${tag}\n${code}\n\`\`\``;
// The value of the last line, without its return.
const lastValue = (body) => body.replace(/\nreturn (?=[^\n]*$)|^return (?=[^\n]*$)/, '\n').trimStart();
const printed = (code) => ({ answer: code, isPrinted: true });
const styles = {
  // Claude
  plain: (b) => b,
  fence: (b) => fence(b, 'javascript'),
  prose: (b) => `I'll do this in one script, so that only the result comes back.\n\n${fence(b)}\n\nThe script returns the value you asked for.`,
  iife: (b) => fence(`// Runs everything in one go.\n(async () => {\n${indent(b)}\n})();`),
  'await-iife': (b) => `return await (async () => {\n${indent(b)}\n})();`,
  ts: (b) => fence(b, 'ts'),
  'ts-main': (b) => fence(`async function main(): Promise<unknown> {\n${indent(b)}\n}\n\nreturn await main();`, 'typescript'),
  // GPT
  'export-default': (b) => fence(`export default async function main() {\n${indent(b)}\n}`),
  'export-given': (b) => fence(`export default async function ({ tools, callTool }) {\n${indent(b)}\n}`),
  'export-arrow': (b) => `export default async (tools) => {\n${indent(b)}\n};`,
  'export-const': (b) => fence(`const run = async () => {\n${indent(b)}\n};\n\nexport const result = await run();`),
  'export-list': (b) => `const answer = await (async () => {\n${indent(b)}\n})();\n\nexport { answer };`,
  main: (b) => fence(`async function main() {\n${indent(b)}\n}\n\nmain();`),
  'main-first': (b) => `main();\n\nasync function main() {\n${indent(b)}\n}`,
  'run-given': (b) => fence(`async function run({ callTool, tools, console }) {\n${indent(b)}\n}`, 'javascript'),
  // Gemini
  gemini: (b) => printed(fence('/**\n * Performs the requested task.\n * @returns {Promise<any>} The result.\n */\n'
    + `async function performTask() {\n${indent(b)}\n}\n\n`
    + 'const finalResult = await performTask();\nconsole.log(JSON.stringify(finalResult, null, 2));', 'javascript')),
  'gemini-then': (b) => printed(`async function solve() {\n${indent(b)}\n}\n\nsolve().then((result) => console.log(JSON.stringify(result)));`),
  'gemini-try': (b) => fence(`async function execute() {\n  try {\n${indent(b, '    ')}\n`
    + "  } catch (error) {\n    console.error('Failed:', error);\n    throw error;\n  }\n}\n\nawait execute();"),
  // Llama, Mistral, DeepSeek, Qwen
  numbered: (b) => 'Sure! Here is how it works:\n\n1. **Collect** the data\n2. **Compute** the answer\n\n'
    + `${fence(b, 'javascript')}\n\n**Note:** run \`return\` last.\n`,
  'bare-prose': (b) => `Here is the code:\n\n${b}\n\nThis returns the result.`,
  'code-tag': (b) => `<code>\n${b}\n</code>`,
  'tool-json': (b) => JSON.stringify({ name: 'run_code', arguments: { code: b } }),
  commonjs: (b) => fence(`'use strict';\n\nmodule.exports = async function run({ tools, callTool }) {\n${indent(b)}\n};`),
  'commonjs-main': (b) => fence(`async function main() {\n${indent(b)}\n}\n\n`
    + `if (require.main === module) {\n  main().then(() => process.exit(0)).catch((err) => { console.error(err); process.exit(1); });\n}\n\n`
    + `module.exports = { main };`),
  exports: (b) => `const compute = async () => {\n${indent(b)}\n};\n\nexports.result = await compute();`,
  handler: (b) => fence(`const handler = async (event, context) => {\n${indent(b)}\n};`),
  'async-arrow': (b) => `async () => {\n${indent(b)}\n}`,
  think: (b) => fence(b, ''),
  'last-value': (b) => fence(lastValue(b)),
  'last-value-bare': (b) => lastValue(b),
};

const tools = Object.fromEntries(Object.entries(servers).map(([server, all]) => [server, Object.fromEntries(
  Object.entries(all).map(([name, { run }]) => [name, async (args) => structuredClone(run(structuredClone(args ?? {})))]))]));
const callTool = (name, args) => name.split(':').reduce((at, part) => at[part], tools)(args);
const quiet = Object.fromEntries(['log', 'table', 'error', 'warn', 'info', 'debug', 'dir', 'group', 'groupEnd', 'count', 'time', 'timeEnd', 'assert', 'trace']
  .map((name) => [name, () => {}]));
const AsyncFunction = (async () => {}).constructor;

const lines = [];
const sections = readFileSync(new URL('bodies.txt', import.meta.url), 'utf8').split(/^### /m).slice(1);
for (const section of sections) {
  const [head, ...rest] = section.split('\n');
  const [name, style] = head.trim().split(/\s+/);
  const body = rest.join('\n').trim();
  if (!styles[style]) throw new Error(`${name}: no style ${style}`);
  let plain = style.startsWith('ts') ? stripTypeScriptTypes(`async () => {${body}\n}`).replace(/^async \(\) => \{|\}\s*$/g, '') : body;
  let value;
  try {
    value = await new AsyncFunction('tools', 'callTool', 'console', `'use strict';${plain}`)(tools, callTool, quiet);
  } catch (error) {
    throw new Error(`${name}: ${error.stack}`);
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error(`${name}: no value`);
  const made = styles[style](body);
  const { answer, isPrinted = false } = typeof made === 'string' ? { answer: made } : made;
  lines.push(JSON.stringify({ name, style, isPrinted, answer, value: JSON.parse(text) }));
}
if (new Set(lines.map((line) => JSON.parse(line).name)).size !== lines.length) throw new Error('a name stands twice');
writeFileSync(new URL('programs.jsonl', import.meta.url), lines.join('\n') + '\n');
console.log(`${lines.length} programs`);
