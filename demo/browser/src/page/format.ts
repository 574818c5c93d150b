const grouped = new Intl.NumberFormat('en');
// Keeps a number and its unit on one line.
const blank = '\u00a0';

/** A whole number, in groups of three digits. */
export function count(value: number): string {
  return grouped.format(Math.round(value));
}

/** A count with its noun: `1 line`, `2 lines`. */
export function many(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

/** Bytes in powers of 1024, with at most one decimal. */
export function bytes(value: number): string {
  if (value < 1024) return `${count(value)}${blank}B`;
  let size = value;
  let unit = -1;
  do {
    size /= 1024;
    unit++;
  } while (size >= 1023.95 && unit < 3);
  return `${trimmed(size, 1)}${blank}${['KB', 'MB', 'GB', 'TB'][unit]}`;
}

/** Milliseconds for people: `0.3 ms`, `12 ms`, `1.204 s`, `2 min 3 s`, `3 h 12 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 10) return `${trimmed(ms, 1)}${blank}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${blank}ms`;
  if (ms < 59_999.5) return `${trimmed(ms / 1000, 3)}${blank}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.floor(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A moment in UTC: `2026-11-26 19:27:49`. */
export function moment(ms: number): string {
  return preciseMoment(ms).slice(0, -4);
}

/** A moment in UTC with its milliseconds. */
export function preciseMoment(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}

/** Seconds with three decimals, so that running digits do not move the text. */
export function stopwatch(ms: number): string {
  return `${(ms / 1000).toFixed(3)}${blank}s`;
}

/** A text cut to a length in UTF-16 units, without splitting a surrogate pair. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${blank}${largeUnit}` : `${large}${blank}${largeUnit} ${small}${blank}${smallUnit}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
