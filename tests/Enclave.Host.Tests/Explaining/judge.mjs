// Runs programs that fail under node's debugger: says the line at which each one's error was thrown, and the value of an expression there. It knows nothing of
// Enclave: V8's debugger stops at the throw, and evaluates in the frame of the program.
import { Session } from 'node:inspector';
import vm from 'node:vm';

const session = new Session();
session.connect();
const scripts = new Map();
session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
session.post('Debugger.enable');
session.post('Debugger.setPauseOnExceptions', { state: 'all' });

let name = '', cause = '', pauses = [];
session.on('Debugger.paused', ({ params }) => {
  const frame = params.callFrames.find((one) => scripts.get(one.location.scriptId) === name);
  if (frame === undefined) return;
  const pause = { line: frame.location.lineNumber + 1, text: textOf(params.data ?? {}), value: undefined };
  pauses.push(pause);
  const question = { callFrameId: frame.callFrameId, expression: cause, throwOnSideEffect: true, silent: true };
  session.post('Debugger.evaluateOnCallFrame', question, (fault, answer) => {
    if (fault || answer.exceptionDetails) {
      const text = answer?.exceptionDetails?.exception?.description ?? String(fault?.message);
      pause.value = text.includes('before initialization') ? '(not initialised)' : text.includes('is not defined') ? '(not defined)' : `fault: ${text}`;
    } else pause.value = shown(answer.result);
  });
});

// The error, so that a throw is found again at the end.
const textOf = (data) => (data.description ?? JSON.stringify(data.value ?? null)).split('\n    at ')[0];

function shown({ type, subtype, value, description, unserializableValue }) {
  if (type === 'undefined') return 'undefined';
  if (subtype === 'null') return 'null';
  if (type === 'string') return JSON.stringify(value);
  if (type === 'number' || type === 'bigint') return unserializableValue ?? String(value);
  if (type === 'boolean') return String(value);
  if (type === 'symbol') return description;
  if (type === 'function') return '[function';
  if (subtype === 'promise') return '[Promise]';
  if (subtype === 'array') return '[';
  if (subtype === 'date') return description === 'Invalid Date' ? description : 'date';
  return '{';
}

async function callTool(tool) {
  if (tool === 'broken') throw new Error('the tool is broken');
  return tool === 'nothing' ? null : { items: [{ id: 1 }, { id: 2 }] };
}

async function judge(job, index) {
  name = `case${index}.js`;
  cause = job.cause;
  pauses = [];
  const script = new vm.Script(`(async function (callTool, console) {"use strict";\n${job.code}\n})`, { filename: name, lineOffset: -1 });
  let thrown, failed = false;
  try {
    await script.runInThisContext()(callTool, { log() {} });
  } catch (error) {
    [thrown, failed] = [error, true];
  }
  if (!failed) return { error: 'it did not fail' };
  const text = thrown instanceof Error ? String(thrown.stack).split('\n    at ')[0] : undefined;
  // A frame that stands still cannot await. The answers of tools are the same each time.
  if (cause.startsWith('await callTool(')) {
    const value = await new (async () => {}).constructor('callTool', `return ${cause}`)(callTool);
    for (const pause of pauses) pause.value = JSON.stringify(value);
  }
  const named = pauses.filter((pause) => text === undefined || pause.text.includes(thrown.message));
  const first = named[0] ?? pauses[0];
  if (first) return { line: first.line, value: first.value, error: text ?? String(thrown) };
  const place = new RegExp(`${name}:(\\d+)`).exec(thrown?.stack ?? '');
  return { line: place ? Number(place[1]) : null, error: text ?? String(thrown) };
}

let input = '';
for await (const part of process.stdin) input += part;
const out = [];
for (const [index, job] of JSON.parse(input).entries()) out.push(await judge(job, index));
session.disconnect();
console.log(JSON.stringify(out));
