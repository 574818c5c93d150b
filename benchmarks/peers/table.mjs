// node table.mjs [--markdown|--json] <file of JSON lines>...
// Prints a table for each workload with a row for each contestant, or all medians as one JSON document.
import { parseArgs } from 'node:util';
import { Figures, readLines } from '../report/figures.mjs';
import { aligned, markdown } from '../report/format.mjs';
import { headingOf, ratioNote, workloadTable } from '../report/tables.mjs';
import { baseline } from './contestants.mjs';

const { values: options, positionals: files } = parseArgs({
  options: { markdown: { type: 'boolean' }, json: { type: 'boolean' } },
  allowPositionals: true,
});
if (files.length === 0) {
  console.error('node table.mjs [--markdown|--json] <file of JSON lines>...');
  process.exit(2);
}

const figures = new Figures(readLines(files));
console.log(options.json ? JSON.stringify(document(), null, 1) : tables());

function tables() {
  const parts = figures.workloads.map(workload => {
    const table = workloadTable(figures, workload);
    const notes = figures.notesOf(workload).map(note => options.markdown ? `- ${note}` : `  ${note}`).join('\n');
    const heading = headingOf(workload);
    return options.markdown
      ? [`### ${heading}`, markdown(table), notes].filter(Boolean).join('\n\n')
      : [heading, aligned(table), notes].filter(Boolean).join('\n');
  });
  return [...parts, ...(figures.peers.includes(baseline) ? [ratioNote] : [])].join('\n\n');
}

function document() {
  const medians = figures.workloads.flatMap(workload => figures.metricsOf(workload).flatMap(({ metric }) => figures.peers.flatMap(peer => {
    const figure = figures.of(peer, workload, metric);
    return figure ? [{ peer, workload, metric, ...figure, ratio: figures.ratio(peer, workload, metric) }] : [];
  })));
  return { versions: Object.fromEntries(figures.versions), figures: medians };
}
