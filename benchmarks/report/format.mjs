/** Three significant digits; more would be noise. */
export function compact(value) {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** A figure in a cell: its median and, if rounds differ, the least and the most. For an outcome, its words. */
export function shown(figure) {
  if (figure === undefined) return '-';
  if (figure.text !== undefined) return figure.text;
  const [median, min, max] = [figure.median, figure.min, figure.max].map(compact);
  return min === max ? median : `${median} (${min}–${max})`;
}

export function shownRatio(ratio) {
  return ratio === undefined ? '-' : compact(ratio);
}

/** Columns of text for a terminal. `left` marks the columns without numbers. */
export function aligned({ header, rows, left }) {
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map(row => row[column].length)));
  return table.map(row => row.map((cell, i) => left[i] ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join('  ').trimEnd()).join('\n');
}

export function markdown({ header, rows, left }) {
  const line = cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${left.map(is => is ? '---' : '---:').join('|')}|`, ...rows.map(line)].join('\n');
}
