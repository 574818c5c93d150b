// Measures what sessions cost each part of a tier, and models it.
//
//   node sessions.mjs <Enclave.LoadBench> --costs [--store FILE] [--queue-file FILE] [--queue-figures URL] [--quick] [--json] [--into FOLDER]
//   node sessions.mjs <Enclave.LoadBench> --model [FILE] [--beside FILE] [--set NAME=VALUE]...
//   node sessions.mjs <Enclave.LoadBench> --model --docs
//
// --costs measures and stores the result. --model measures nothing: it shows the stored result, its model, the predictions for larger loads, and the
// difference to another run. --docs writes its tables into the pages that show them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assumptions } from './report/capacity.mjs';
import { failed, keep, linesOf, resultsFolder } from './report/keep.mjs';
import { machine } from './report/machine.mjs';
import { againData, againSection, sectionsOf, sessionsData, sessionsFiles, sessionsPages, written } from './report/sessions-page.mjs';

const own = { costs: { type: 'boolean' }, model: { type: 'boolean' }, docs: { type: 'boolean' }, beside: { type: 'string' },
  set: { type: 'string', multiple: true }, json: { type: 'boolean' }, into: { type: 'string' } };
const measured = { store: { type: 'string' }, 'queue-file': { type: 'string' }, 'queue-figures': { type: 'string' }, quick: { type: 'boolean' } };

try {
  const { values, positionals: [program, file = join(resultsFolder, sessionsData)] } = parseArgs({ options: { ...own, ...measured }, allowPositionals: true });
  const beside = values.beside ?? join(resultsFolder, againData);
  if (values.docs) for (const page of sessionsPages) writeFileSync(page, written(readFileSync(page, 'utf8'), linesFrom(file), linesFrom(beside)));
  else if (values.model) show(file, beside, values.set ?? []);
  else await measure(program, values);
} catch (error) {
  failed(error);
}

function linesFrom(file) {
  return JSON.parse(readFileSync(file, 'utf8')).lines;
}

function show(file, beside, settings) {
  const { lines, machine: about, command } = JSON.parse(readFileSync(file, 'utf8'));
  console.log(`${file}: ${command}, ${about.date}, ${about.cpu}, ${about.cores} cores, load ${about.load} when it began\n`);
  for (const { title, text } of [...sectionsOf(lines, changed(settings)), againSection(lines, linesFrom(beside))]) console.log(`## ${title}\n\n${text}\n`);
}

/** The assumptions, with those that the command line changes. */
function changed(settings) {
  const given = structuredClone(assumptions);
  for (const setting of settings) {
    const [name, text] = setting.split('='), value = Number(text);
    if (!given[name] || !(value > 0)) throw new Error(`--set is "${setting}"; it takes NAME=VALUE, a number above 0, of ${Object.keys(given).join(', ')}`);
    given[name].value = value;
  }

  return given;
}

async function measure(program, values) {
  const passed = Object.keys(measured).flatMap(name => (values[name] === undefined ? [] : values[name] === true ? [`--${name}`] : [`--${name}`, values[name]]));
  const about = machine(), lines = [];
  for await (const line of linesOf(program, ['--http', '--costs', '--json', ...passed])) {
    lines.push(line);
    if (values.json) console.log(JSON.stringify(line));
  }

  if (!values.json) for (const { title, text } of sectionsOf(lines)) console.log(`## ${title}\n\n${text}\n`);
  // Only a complete run is a result: the model needs the store and the queues.
  const folder = values.into ?? (!values.quick && values.store && values['queue-file'] ? resultsFolder : undefined);
  const options = { quick: '', store: ' FILE', 'queue-file': ' FILE', 'queue-figures': ' URL' };
  const command = `./bench.sh --http --costs${Object.entries(options).map(([name, value]) => (values[name] ? ` --${name}${value}` : '')).join('')}`;
  if (folder) keep(folder, sessionsFiles({ machine: about, lines, command }));
}
