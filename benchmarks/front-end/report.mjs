// Writes the measurements of front-end.mjs as Markdown.

/** One row per package, then the total, then the small script. */
export function report({ packages, small }) {
  const rows = packages.map(({ name, files, bytes, parse, printedBytes, print }) => row(name, files, bytes, parse, printedBytes, print));
  const sum = read => packages.reduce((total, each) => total + read(each), 0);
  const both = what => Object.fromEntries(Object.keys(packages[0][what]).map(who => [who, sum(each => each[what][who] ?? 0)]));
  rows.push(row('**total**', sum(each => each.files), sum(each => each.bytes), both('parse'), sum(each => each.printedBytes), both('print')));
  return [
    '| package | files | MB | parse, MB/s | acorn | x | Acornima | x | Esprima | x | allocated per byte | print, MB/s | astring | x |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows,
    '',
    `${small.name} (${small.bytes} bytes): parse ${micro(small.parse.ours)} µs, acorn ${micro(small.parse.theirs)} µs (x ${times(small.parse)}), ` +
      `Acornima ${micro(small.parse.acornima)} µs, Esprima ${micro(small.parse.esprima)} µs, ` +
      `${Math.round(small.parse.allocated)} bytes allocated; ` +
      `print ${micro(small.print.ours)} µs, astring ${micro(small.print.theirs)} µs (x ${times(small.print)})`,
  ].join('\n');
}

function row(name, files, bytes, parse, printedBytes, print) {
  const speed = (size, seconds) => (size / 1e6 / seconds).toFixed(1);
  return `| ${[
    name, files, (bytes / 1e6).toFixed(1), speed(bytes, parse.ours), speed(bytes, parse.theirs), times(parse),
    speed(bytes, parse.acornima), times(parse, 'acornima'), speed(bytes, parse.esprima), times(parse, 'esprima'), (parse.allocated / bytes).toFixed(1),
    speed(printedBytes, print.ours), speed(printedBytes, print.theirs), times(print),
  ].join(' | ')} |`;
}

const times = (measured, who = 'theirs') => (measured[who] / measured.ours).toFixed(2);
const micro = seconds => (seconds * 1e6).toFixed(1);

/** Milliseconds over doubling lengths, and the exponent of the growth: 1 is linear, 2 quadratic. The steepest first. */
export function growthTable(rows) {
  const lengths = rows[0].points.map(({ length }) => `${length / 1024} k`);
  const fitted = rows.map(
    ({ name, points }) => ({ name, points, exponent: slope(points, point => point.seconds), memory: slope(points, point => point.allocated) }));
  fitted.sort((a, b) => b.exponent - a.exponent);
  return [
    `| shape | ${lengths.join(' | ')} | time grows as length to the power | memory |`,
    `|---|${lengths.map(() => '--:').join('|')}|--:|--:|`,
    ...fitted.map(({ name, points, exponent, memory }) =>
    `| ${[name, ...points.map(({ seconds }) => (seconds * 1e3).toFixed(2)), exponent.toFixed(2), memory.toFixed(2)].join(' | ')} |`),
  ].join('\n');
}

/** What becomes of a text of this length: the bombs that end a process or take over a second, and how many are answered. */
export function bombTable(rows, length) {
  const parsers = Object.keys(rows[0]).filter(key => key !== 'name');
  const isSlow = ({ late, seconds }) => late || seconds > 1;
  const said = ({ died, late, seconds, allocated, refusal }) => died ? '**the process ends**' : late ? '**over a minute**'
    : `${(seconds * 1e3).toFixed(0)} ms, ${(allocated / 2 ** 20).toFixed(0)} MiB, ${refusal ? 'refused' : 'accepted'}`;
  return [
    `${rows.length} bombs of ${length} characters, each in a process of its own:`,
    '',
    `| bomb | ${parsers.join(' | ')} |`,
    `|---|${parsers.map(() => '---').join('|')}|`,
    `| **the process ends** | ${parsers.map(parser => rows.filter(row => row[parser].died).length).join(' | ')} |`,
    `| **over a second** | ${parsers.map(parser => rows.filter(row => isSlow(row[parser])).length).join(' | ')} |`,
    ...rows.filter(row => parsers.some(parser => row[parser].died || isSlow(row[parser])))
      .map(row => `| ${row.name} | ${parsers.map(parser => said(row[parser])).join(' | ')} |`),
  ].join('\n');
}

// The least squares line through the logarithms.
function slope(points, read) {
  const xs = points.map(({ length }) => Math.log(length));
  const ys = points.map(point => Math.log(Math.max(read(point), 1e-9)));
  const mean = numbers => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const [x, y] = [mean(xs), mean(ys)];
  return xs.reduce((sum, each, i) => sum + (each - x) * (ys[i] - y), 0) / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
}
