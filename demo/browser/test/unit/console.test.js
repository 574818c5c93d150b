import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsoleBuffer } from '../../build/demo/browser/src/console/consoleBuffer.js';
import { SpokenLines } from '../../build/demo/browser/src/page/spokenLines.js';

const texts = (lines) => lines.map((line) => line.text);

test('chunks become lines, and a line may come in pieces', () => {
  const buffer = new ConsoleBuffer({ lines: 10, characters: 100 });
  assert.deepEqual(texts(buffer.write('one\ntw')), ['one']);
  assert.deepEqual(texts(buffer.write('o')), []);
  assert.deepEqual(texts(buffer.write('\n\nfour\n')), ['two', '', 'four']);
  assert.deepEqual(texts(buffer.write('last')), []);
  assert.deepEqual(texts(buffer.flush()), ['last']);
  assert.deepEqual(texts(buffer.flush()), []);
  assert.deepEqual(buffer.lines.map((line) => line.number), [1, 2, 3, 4, 5]);
});

test('the newest lines are kept, and those that went are counted', () => {
  const buffer = new ConsoleBuffer({ lines: 3, characters: 100 });
  for (let i = 1; i <= 5; i++) buffer.write(`${i}\n`);
  assert.deepEqual(texts(buffer.lines), ['3', '4', '5']);
  assert.equal(buffer.dropped, 2);
  assert.equal(buffer.total, 5);
  // One chunk that exceeds all limits.
  assert.deepEqual(texts(buffer.write('a\nb\nc\nd\ne\n')), ['c', 'd', 'e']);
  assert.deepEqual(buffer.lines.map((line) => line.number), [8, 9, 10]);
  assert.equal(buffer.dropped, 7);
});

test('a line without an end is held no further than it is shown, and its length is still told', () => {
  const buffer = new ConsoleBuffer({ lines: 10, characters: 8 });
  for (let i = 0; i < 1000; i++) buffer.write('12345678');
  const [line] = buffer.write('90\n');
  assert.equal(line.text, '12345678… and 7,994 more characters');
});

test('control characters are shown and do nothing', () => {
  const buffer = new ConsoleBuffer({ lines: 10, characters: 100 });
  assert.deepEqual(texts(buffer.write('\u001b[31mred\u0007\r\nover\rwritten\u202e\n')), ['\\u001b[31mred\\u0007', 'over\\u000dwritten\\u202e']);
});

test('a note of the broker does not run into a line of the script', () => {
  const buffer = new ConsoleBuffer({ lines: 10, characters: 100 });
  buffer.write('half');
  assert.deepEqual(buffer.note('events are missing here').map(({ text, from }) => [from, text]), [['script', 'half'], ['broker', 'events are missing here']]);
});

test('cleared, it begins anew', () => {
  const buffer = new ConsoleBuffer({ lines: 2, characters: 10 });
  buffer.write('a\nb\nc\nd');
  buffer.clear();
  assert.deepEqual([buffer.lines, buffer.total, buffer.dropped], [[], 0, 0]);
  assert.deepEqual(buffer.write('e\n'), [{ number: 1, text: 'e', from: 'script' }]);
});

test('of many lines the newest three are spoken, and how many went before', () => {
  const spoken = new SpokenLines();
  spoken.add(['one']);
  assert.equal(spoken.take(), 'one');
  spoken.add(Array.from({ length: 500 }, (_, i) => `line ${i + 1}`));
  spoken.add(['x'.repeat(1000)]);
  const text = spoken.take();
  assert.match(text, /^498 more lines, then:\nline 499\nline 500\nx{160}$/);
  assert.equal(spoken.take(), '');
});
