// The result of ./bench.sh --scale as files: the data, a page, and the chart of throughput over workers, which the report shows too.
import { Figures } from './figures.mjs';
import { markdown, shown } from './format.mjs';
import { machineTable } from './machine.mjs';
import { headingOf } from './tables.mjs';
import { scalingChart, scalingFile, scalingTable, scalingWorkload } from './throughput.mjs';

export const scaleData = 'scale.json';

const order = [scalingWorkload, 'S2', 'W12', 'S3'];

/** A map from file names to their content, of {machine, lines}. */
export function scaleFiles({ machine, lines, command }) {
  const figures = new Figures(lines);
  const chart = scalingChart(figures);
  const page = [
    '# Scale',
    `Written by \`${command}\`; what it does is in [the benchmarks' README](../README.md#scale), the data in [${scaleData}](${scaleData}).`,
    machineTable(machine),
    ...order.filter(part => figures.workloads.includes(part)).map(part => partOf(figures, part, chart)),
  ];
  const files = new Map([[scaleData, JSON.stringify({ machine, command, lines }, null, 1) + '\n'], ['scale.md', page.join('\n\n') + '\n']]);
  if (chart) files.set(scalingFile, chart);
  return files;
}

function partOf(figures, part, chart) {
  const heading = `## ${headingOf(part)}`;
  if (part === scalingWorkload)
    return [heading, chart && `![Throughput over workers](${scalingFile})`, markdown(scalingTable(figures))].filter(Boolean).join('\n\n');
  const notes = new Map(figures.lines.filter(line => line.workload === part && line.note).map(line => [line.metric, line.note]));
  const rows = figures.peers.flatMap(peer => figures.metricsOf(part).flatMap(({ metric, unit }) => {
    const figure = figures.of(peer, part, metric);
    return figure ? [[metric, shown(figure), unit, String(figure.n), ...(notes.size > 0 ? [notes.get(metric) ?? ''] : [])]] : [];
  }));
  const noted = notes.size > 0 ? [''] : [];
  return [heading, markdown({ header: ['', 'figure', '', 'n', ...noted], left: [true, false, true, false, ...noted.map(() => true)], rows })].join('\n\n');
}
