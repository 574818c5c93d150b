// Turns the JSON lines of one or more runs into the figures of tables and charts.
import { readFileSync } from 'node:fs';
import { workloadNames } from '../peers/catalogue.mjs';
import { baseline, inOrder } from '../peers/contestants.mjs';
import { percentile } from '../peers/report.mjs';

export function readLines(files) {
  return files.flatMap(file => readFileSync(file, 'utf8').split('\n').filter(text => text.startsWith('{')).map(text => JSON.parse(text)));
}

/** All figures of some runs. Repeated rounds give the median, the least and the most. */
export class Figures {
  constructor(lines) {
    this.lines = lines.filter(line => line.workload !== '');
    this.versionLines = lines.filter(line => line.metric === 'version');
    this.peers = inOrder(this.lines.map(line => line.peer));
    this.workloads = inWorkloadOrder(this.lines.map(line => line.workload));
    this.versions = new Map(this.versionLines.map(line => [line.peer, line.value]));
    this.groups = Map.groupBy(this.lines, ({ peer, workload, metric }) => key(peer, workload, metric));
  }

  /** The metrics of a workload and their units, in the order of printing. Metrics about the other metrics come first. */
  metricsOf(workload) {
    const found = new Map();
    for (const peer of this.peers) {
      for (const line of this.lines) if (line.workload === workload && line.peer === peer && !found.has(line.metric)) found.set(line.metric, line.unit);
    }
    const leads = ['clean state', 'with its checks', 'outcome'];
    const rank = ([metric]) => leads.includes(metric) ? leads.indexOf(metric) : leads.length;
    return [...found].sort((a, b) => rank(a) - rank(b)).map(([metric, unit]) => ({ metric, unit }));
  }

  /** Undefined if it was not measured. For outcomes, `text` lists all that occurred. */
  of(peer, workload, metric) {
    const lines = this.groups.get(key(peer, workload, metric));
    if (!lines) return undefined;
    const { unit } = lines[0];
    const values = lines.map(line => line.value);
    const common = { unit, rounds: lines.length, n: Math.max(...lines.map(line => line.n ?? 1)) };
    if (!values.every(value => typeof value === 'number')) return { ...common, text: [...new Set(values)].join(' or ') };
    const sorted = values.toSorted((a, b) => a - b);
    return { ...common, median: percentile(sorted, 50), min: sorted[0], max: sorted.at(-1) };
  }

  /** How many times better the baseline is. Undefined if the two do not compare. */
  ratio(peer, workload, metric) {
    const ours = this.of(baseline, workload, metric)?.median;
    const theirs = this.of(peer, workload, metric)?.median;
    // The time and peak of a job that was not stopped come from our watchdog, so they do not compare.
    const comparable = [baseline, peer].every(each => ['stopped', undefined].includes(this.of(each, workload, 'outcome')?.text));
    if (peer === baseline || !comparable || !(ours > 0) || !(theirs > 0)) return undefined;
    return this.of(peer, workload, metric).unit.endsWith('/s') ? ours / theirs : theirs / ours;
  }

  /** The notes of a workload, each once, with its contestants. */
  notesOf(workload) {
    const noted = this.lines.filter(line => line.workload === workload && line.note);
    const byText = Map.groupBy(noted, line => `${line.metric}: ${line.note}`);
    return [...byText].map(([text, lines]) => `${inOrder(lines.map(line => line.peer)).join(', ')}, ${text}`);
  }
}

function key(...parts) {
  return parts.join('\n');
}

function inWorkloadOrder(names) {
  const rank = name => workloadNames.includes(name) ? workloadNames.indexOf(name) : workloadNames.length;
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}
