// The result of ./bench.sh --durable as files: the data, and a page with a table for each part, whose columns are the stores and the peers.
import { compact, markdown } from './format.mjs';
import { machineTable } from './machine.mjs';

const dataFile = 'durable.json';

const titles = {
  suspended: 'One run that waits after an answered call',
  many: 'Many runs that wait',
  waking: 'From the answer to the end of a run that waited for it',
  due: 'Many runs due at the same moment, and fresh runs beside them',
  steps: 'Journaled steps a second, in runs of twenty',
};

const remarks = {
  steps: 'A step is one call whose answer is durable. Our calls are durable before their tool is called, too; those of a repeatable tool (`Idempotent`) are ' +
    'written with their answers, which is what the peers do with all steps. The memory store is as durable as its process.',
};

/** The most that is allowed. */
const targets = [
  { workload: 'waking', metric: '100 recorded calls, p50', most: 3 },
  { workload: 'waking', metric: '1000 recorded calls, p50', most: 25 },
];

/** A map from file names to their content, of {machine, lines, chosen}. `chosen` are the arguments that chose a part of the whole. */
export function durableFiles({ machine, lines, chosen }) {
  const command = ['./bench.sh --durable', ...chosen].join(' ');
  const page = [
    '# Durable runs',
    `Written by \`${command}\`; what it does is in [the benchmarks' README](../README.md#durable-runs), the data in [${dataFile}](${dataFile}).`,
    machineTable(machine, [['load meanwhile', machine.loads.map(compact).join(' to ')]]),
    durableTables(lines, chosen),
  ];
  return new Map([[dataFile, JSON.stringify({ machine, command, lines }, null, 1) + '\n'], ['durable.md', page.join('\n\n') + '\n']]);
}

/** The tables of all parts that were measured. */
export function durableTables(lines, chosen) {
  return Object.keys(titles).filter(part => lines.some(line => line.workload === part)).map(part => partOf(lines, part, chosen)).join('\n\n');
}

function partOf(lines, part, chosen) {
  const all = lines.filter(line => line.workload === part), own = all.filter(line => line.metric !== 'left out');
  const peers = [...new Set(own.map(line => line.peer))], metrics = [...new Set(own.map(line => line.metric))];
  const command = ['./bench.sh --durable', ...(chosen.includes('--only') ? chosen : [...chosen, '--only', part])].join(' ');
  const allowed = new Map(targets.filter(target => target.workload === part).map(target => [target.metric, target.most]));
  const columns = [...(allowed.size > 0 ? ['most allowed'] : []), ...peers];
  const rows = metrics.map(metric => {
    const cells = peers.map(peer => own.find(line => line.peer === peer && line.metric === metric));
    const most = allowed.size > 0 ? [allowed.has(metric) ? String(allowed.get(metric)) : ''] : [];
    return [metric, cells.find(Boolean).unit, ...most, ...cells.map(cell => cell ? compact(cell.value) : '-')];
  });
  const table = markdown({ header: ['', '', ...columns], left: [true, true, ...columns.map(() => false)], rows });
  return [`## ${titles[part]}`, `\`${command}\``, table, remarks[part], notesOf(all)].filter(Boolean).join('\n\n');
}

/** Each note once, with all figures that have it. */
function notesOf(lines) {
  const noted = lines.filter(line => line.note && line.metric !== 'left out');
  const byText = Map.groupBy(noted, line => `${line.peer}: ${line.note}`);
  const notes = [...byText].map(([text, same]) => same.length > 1 ? `- ${text}` : `- ${same[0].peer}, ${same[0].metric}: ${same[0].note}`);
  const missing = lines.filter(line => line.metric === 'left out').map(line => `- ${line.peer} is left out: ${line.value}`);
  return [...notes, ...missing].join('\n');
}
