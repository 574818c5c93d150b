// Turns BenchmarkDotNet's brief JSON reports of Enclave.MicroBench into files.
import { compact, markdown } from './format.mjs';
import { machineTable } from './machine.mjs';

/** The figures of some reports, one per benchmark: times in nanoseconds, allocations in bytes. */
export function microFigures(reports) {
  return reports.flatMap(({ Benchmarks }) => Benchmarks).map(({ Type, Method, Parameters, Statistics, Memory }) => ({
    group: Type, name: Method, parameters: Parameters ?? '',
    medianNs: Statistics?.Median, deviationNs: Statistics?.StandardDeviation, n: Statistics?.N ?? 0, allocatedBytes: Memory?.BytesAllocatedPerOperation,
  }));
}

/** A map from file names to their content. */
export function microFiles({ machine, figures, command }) {
  const page = [
    '# Small parts',
    `Written by \`${command}\`: BenchmarkDotNet in one process, medians; the data is in [micro.json](micro.json).`,
    machineTable(machine),
    ...[...Map.groupBy(figures, ({ group }) => group)].map(([group, own]) => `## ${group}\n\n${markdown(microTable(own))}`),
  ];
  return new Map([['micro.json', JSON.stringify({ machine, command, figures }, null, 1) + '\n'], ['micro.md', page.join('\n\n') + '\n']]);
}

export function microTable(figures) {
  return {
    header: ['', 'median', 'deviation', 'allocated', 'n'], left: [true, false, false, false, false],
    rows: figures.map(({ name, parameters, medianNs, deviationNs, n, allocatedBytes }) =>
      [[name, parameters].filter(Boolean).join(', '), time(medianNs), time(deviationNs), allocatedBytes === undefined ? '-' : `${compact(allocatedBytes)} B`,
        String(n)]),
  };
}

/** In the largest unit with a number above one. A failed benchmark has no time. */
export function time(ns) {
  if (ns === undefined || ns === null) return '-';
  const [unit, factor] = [['s', 1e9], ['ms', 1e6], ['µs', 1e3]].find(([, size]) => ns >= size) ?? ['ns', 1];
  return `${compact(ns / factor)} ${unit}`;
}
