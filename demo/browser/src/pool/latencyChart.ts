import { draw, find, make, write } from '../page/dom.js';
import { count, duration, many } from '../page/format.js';
import { logScale, minuteOf, slots, type LogScale } from './chartScale.js';
import type { Second } from './poolSnapshot.js';

const size = 60;
const width = 300;
const left = 42;
const top = 8;
const middle = 100;
const gap = 10;
const bars = 26;
const height = top + middle + gap + bars;
const slot = (width - left) / size;

/** The durations of sessions in the last minute: from the median to the 99th percentile of each second, and the number of sessions. */
export class LatencyChart {
  readonly #drawing = find('latency-chart', SVGSVGElement);
  readonly #summary = find('latency-summary', HTMLElement);
  readonly #details = find('latency-details', HTMLDetailsElement);
  readonly #rows = find('latency-rows', HTMLElement);
  #seconds: readonly Second[] = [];

  constructor() {
    this.#drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#details.addEventListener('toggle', () => this.#tabulate());
  }

  show(seconds: readonly Second[]): void {
    this.#seconds = seconds;
    const { sessions, failed, typical, slowest } = minuteOf(seconds);
    const words = sessions === 0
      ? 'No session ended in the last minute.'
      : `${many(sessions, 'session')} in the last minute, ${count(failed)} failed` +
        (typical === undefined ? '' : `; median ${duration(typical)}`) + (slowest === undefined ? '' : `, slowest ${duration(slowest)}`);
    write(this.#summary, words);
    this.#draw();
    this.#tabulate();
  }

  #draw(): void {
    const shown = slots(this.#seconds, size);
    const scale = logScale(shown.flatMap((second) => (second ? [second.p50, second.p99] : [])).filter((value) => value !== undefined));
    const busiest = Math.max(1, ...shown.map((second) => second?.sessions ?? 0));
    const base = top + middle + gap + bars;
    const parts: SVGElement[] = [];
    for (const tick of scale.ticks) {
      const y = level(scale, tick);
      parts.push(draw('line', { class: 'chart-grid', attributes: { x1: String(left), x2: String(width), y1: y, y2: y } }));
      parts.push(draw('text', { class: 'chart-label',
        text: tick < 1000 ? duration(tick) : `${count(tick / 1000)} s`, attributes: { x: String(left - 5), y, dy: '0.32em', 'text-anchor': 'end' } }));
    }
    parts.push(draw('line', { class: 'chart-base', attributes: { x1: String(left), x2: String(width), y1: String(base), y2: String(base) } }));
    parts.push(draw(
      'text', { class: 'chart-label', text: count(busiest), attributes: { x: String(left - 5), y: String(base - bars), dy: '0.6em', 'text-anchor': 'end' } }));
    shown.forEach((second, index) => {
      if (!second || second.sessions === 0) return;
      const x = left + index * slot;
      if (second.p50 !== undefined) parts.push(...range(x, scale, second.p50, second.p99 ?? second.p50));
      const tall = Math.max(1, (bars * second.sessions) / busiest);
      const bad = second.failed === 0 ? 0 : Math.max(1, (bars * second.failed) / busiest);
      parts.push(bar('chart-sessions', x, base - tall, tall - bad));
      if (bad > 0) parts.push(bar('chart-failed', x, base - bad, bad));
    });
    this.#drawing.replaceChildren(...parts);
  }

  // A closed table is not filled: nobody sees its sixty rows per second.
  #tabulate(): void {
    if (!this.#details.open) return;
    const newest = this.#seconds.at(-1)?.at ?? 0;
    const busy = this.#seconds.filter((second) => second.sessions > 0).reverse();
    const cells = busy.map((second) => [second.at === newest ? 'now' : `${count(newest - second.at)} s ago`,
      count(second.sessions), count(second.failed), shownMs(second.p50), shownMs(second.p99)]);
    if (cells.length === 0) return this.#rows.replaceChildren(make('tr', {}, make('td', { text: 'no data', attributes: { colspan: '5' } })));
    this.#rows.replaceChildren(...cells.map(
      ([at, ...values]) => make('tr', {}, make('th', { text: at!, attributes: { scope: 'row' } }), ...values.map((text) => make('td', { text })))));
  }
}

function shownMs(value: number | undefined): string {
  return value === undefined ? '–' : duration(value);
}

function level(scale: LogScale, value: number): string {
  return (top + middle * (1 - scale.share(value))).toFixed(2);
}

function range(x: number, scale: LogScale, p50: number, p99: number): SVGElement[] {
  const low = Number(level(scale, p50));
  const high = Number(level(scale, Math.max(p50, p99)));
  return [bar('chart-range', x, high, Math.max(0, low - high)), bar('chart-median', x, low - 1, 2)];
}

function bar(name: string, x: number, y: number, tall: number): SVGElement {
  return draw(
    'rect', { class: name, attributes: { x: (x + 0.6).toFixed(2), y: y.toFixed(2), width: (slot - 1.2).toFixed(2), height: Math.max(0, tall).toFixed(2) } });
}
