// The report as files: report.md and its charts, each with its figures as a table beside it.
import { isOurs } from '../peers/contestants.mjs';
import { containmentChart, containmentOf, hostile } from './containment.mjs';
import { Figures } from './figures.mjs';
import { markdown } from './format.mjs';
import { machineTable } from './machine.mjs';
import { rangeChart } from './ranges.mjs';
import { headingOf, ratioNote, rowsOf, workloadTable } from './tables.mjs';
import { scalingChart, scalingFile, scalingTable, scalingWorkload } from './throughput.mjs';

/**
 * A map from file names to their content. `machine` is the output of machine.mjs when the run began; undefined if it is lost. `scale` is the result of
 * `./bench.sh --scale`, {machine, lines}: another run, so its figures are separate from those of the contestants.
 */
export function reportFiles(contest, machine, scale) {
  const figures = scale ? new Figures([...contest.lines, ...contest.versionLines, ...scale.lines.filter(line => line.workload === scalingWorkload)]) : contest;
  const charts = new Map(chartsOf(figures).filter(({ svg }) => svg).map(each => [each.file, each]));
  const files = new Map([...charts].map(([file, { svg }]) => [file, svg]));
  const page = [
    '# Benchmark results',
    'Written by `./bench.sh --report`; what every figure includes is in [the benchmarks\' README](../README.md).',
    machinePart(figures, machine),
    containmentPart(figures, charts),
    ...figures.workloads.map(workload => workloadPart(figures, workload, charts, scale)),
  ];
  files.set('report.md', page.filter(Boolean).join('\n\n') + '\n');
  return files;
}

function chartsOf(figures) {
  const { peers } = figures;
  const of = (workload, metric) => peer => figures.of(peer, workload, metric)?.median;
  const latency = (file, workload, form, title) => ({
    file, workload,
    svg: rangeChart({ title, unit: 'ms', peers, marks: ['p50', 'p99'].map(label => ({ label, of: of(workload, `${form}, ${label}`) })) }),
  });
  const single = (file, workload, metric, unit, title) =>
    ({ file, workload, svg: rangeChart({ title, unit, peers, marks: [{ label: metric, of: of(workload, metric) }] }) });
  return [
    { file: 'containment.svg', svg: containmentChart(figures) },
    latency('latency-tiny-apart.svg', 'W1', '2 ms apart', 'Tiny job, 2 ms apart: how long the caller waits'),
    latency('latency-tiny.svg', 'W1', 'back to back', 'Tiny job, back to back: how long the caller waits'),
    latency('latency-typical.svg', 'W2', '2 ms apart', 'Typical script, 2 ms apart: how long the caller waits'),
    latency('latency-tools.svg', 'W3', '2 ms apart', 'Ten tool calls, 2 ms apart: how long the caller waits'),
    single('throughput.svg', 'W5', '8 in flight', 'jobs/s', 'Throughput of the typical script, 8 in flight'),
    { file: scalingFile, workload: scalingWorkload, svg: scalingChart(figures) },
    {
      file: 'memory.svg', workload: 'W9',
      svg: rangeChart({
        title: 'Memory of one more idle unit', unit: 'MiB', peers,
        marks: ['private', 'proportional'].map(label => ({ label, of: of('W9', `${label} per unit`) })),
      }),
    },
  ];
}

function machinePart(figures, machine) {
  const versions = figures.peers.map(peer => [peer, isOurs(peer) ? machine?.enclave ?? '-' : figures.versions.get(peer) ?? '-']);
  const rounds = ['rounds', `${machine?.rounds}${machine?.quick ? ', quick: whether everything works, not how fast' : ''}`];
  return ['## Machine and versions',
    machineTable(machine, [rounds]),
    markdown({ header: ['contestant', 'version'], left: [true, true], rows: versions }),
  ].join('\n\n');
}

function containmentPart(figures, charts) {
  if (!charts.has('containment.svg')) return undefined;
  const rows = rowsOf(figures, hostile.map(({ workload }) => workload)).map(peer => [peer, ...hostile.map(({ workload }) => {
    const { word, detail } = containmentOf(figures, peer, workload);
    return [word, detail].filter(Boolean).join(', ');
  })]);
  return ['## Containment', image(charts.get('containment.svg').file, 'Containment of hostile jobs'),
    markdown({ header: ['', ...hostile.map(({ workload, title }) => `${workload}: ${title}`)], left: [true, ...hostile.map(() => true)], rows }),
    '`late` is the answer after the limit; the seconds are until the job was answered, or until our watchdog killed it. `all lost`: a job beside it was ' +
    'lost, too.',
    'What judges scripts before they run is off for all of these: our guard, and the documented product\'s validation, refuse some of them.',
  ].join('\n\n');
}

function workloadPart(figures, workload, charts, scale) {
  const pictures = [...charts.values()].filter(each => each.workload === workload).map(each => image(each.file, `${headingOf(workload)}, as a chart`));
  if (workload === scalingWorkload)
    return [`## ${headingOf(workload)}`, ...pictures, markdown(scalingTable(figures)), scale && scaleNote(scale)].filter(Boolean).join('\n\n');
  const notes = figures.notesOf(workload).map(note => `- ${note}`).join('\n');
  const ratio = figures.peers.some(peer => figures.metricsOf(workload).some(({ metric }) => figures.ratio(peer, workload, metric) !== undefined)) && ratioNote;
  return [`## ${headingOf(workload)}`, ...pictures, markdown(workloadTable(figures, workload)), ratio, notes].filter(Boolean).join('\n\n');
}

function scaleNote({ machine }) {
  const about = `${machine.date}, ${machine.cpu}, ${machine.cores} cores, commit ${machine.commit}`;
  return `From \`./bench.sh --scale\`, a run of its own: ${about}. The rest of it: [scale.md](scale.md).`;
}

function image(file, alternative) {
  return `![${alternative}](${file})`;
}
