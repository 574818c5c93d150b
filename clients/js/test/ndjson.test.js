import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineTooLong, NdjsonParser } from '../dist/ndjson.js';
import { line } from './support/events.js';

const bytes = (text) => new TextEncoder().encode(text);

function read(chunks, maxLineBytes = 4096) {
  const parser = new NdjsonParser(maxLineBytes);
  const parsed = chunks.flatMap((chunk) => [...parser.push(typeof chunk === 'string' ? bytes(chunk) : chunk)]);
  parsed.push(...parser.flush());
  return {
    chunks: parsed.flatMap((p) => ('event' in p ? [p.event.payload.chunk] : [])),
    invalid: parsed.flatMap((p) => ('invalid' in p ? [p.invalid] : [])),
    line: parser.line,
  };
}

test('a stream split at every byte gives the same events', () => {
  const whole = bytes(`${line(1, 'é')}\n${line(2, '漢字😀')}\n`);
  for (let at = 0; at <= whole.length; at++) {
    assert.deepEqual(read([whole.slice(0, at), whole.slice(at)]).chunks, ['é', '漢字😀'], `split after byte ${at}`);
  }
});

test('a stream of single bytes gives the same events', () => {
  const whole = bytes(`${line(1, '漢字😀')}\n`);
  assert.deepEqual(read([...whole].map((b) => Uint8Array.of(b))).chunks, ['漢字😀']);
});

test('U+2028 and U+2029 are data', () => {
  assert.deepEqual(read([`${line(1, 'a\u2028b\u2029c')}\n`]).chunks, ['a\u2028b\u2029c']);
});

test('CRLF, blank lines and a byte order mark are not data', () => {
  const { chunks, invalid, line: count } = read([`\uFEFF${line(1)}\r\n\r\n   \n\n${line(2)}\r\n`]);
  assert.deepEqual({ chunks, invalid, count }, { chunks: ['x1', 'x2'], invalid: [], count: 5 });
});

test('a last line needs no end', () => {
  assert.deepEqual(read([`${line(1)}\n${line(2)}`]).chunks, ['x1', 'x2']);
});

test('lines that are no events are told with number and beginning, and the stream goes on', () => {
  const { chunks, invalid } = read([`${line(1)}\n{bad\n${'y'.repeat(300)}\n[]\n${line(2)}\n{"half`]);
  assert.deepEqual(chunks, ['x1', 'x2']);
  assert.deepEqual(invalid.map((i) => [i.line, i.content]), [[2, '{bad'], [3, `${'y'.repeat(100)}...`], [4, '[]'], [6, '{"half']]);
  assert.match(invalid[0].error, /^not JSON: /);
  assert.equal(invalid[2].error, 'the event is not an object');
});

test('two objects on one line are no event', () => {
  assert.equal(read([`${line(1)}${line(2)}\n`]).invalid.length, 1);
});

test('bytes that are reused by their owner do not change what is held', () => {
  const parser = new NdjsonParser(4096);
  const buffer = bytes(line(1));
  assert.deepEqual([...parser.push(buffer)], []);
  buffer.fill(0);
  const [parsed] = [...parser.push(bytes('\n'))];
  assert.equal(parsed.event.payload.chunk, 'x1');
});

test('a line is as long as it may be', () => {
  const exact = line(1, 'z'.repeat(100));
  assert.deepEqual(read([`${exact}\n`, exact], exact.length).chunks.length, 2);
  assert.throws(
    () => read([`${line(1)}\n${exact}`], exact.length - 1), (error) => error instanceof LineTooLong && error.line === 2 && error.maxBytes === exact.length - 1);
});

test('a line without end holds no more than its limit', () => {
  const parser = new NdjsonParser(1000);
  for (let i = 0; i < 10; i++) assert.deepEqual([...parser.push(new Uint8Array(100).fill(120))], []);
  assert.throws(() => [...parser.push(Uint8Array.of(120))], LineTooLong);
});

test('what an event takes is its line', () => {
  const parser = new NdjsonParser(4096);
  const [parsed] = [...parser.push(bytes(`${line(1, 'é')}\n`))];
  assert.equal(parsed.bytes, bytes(line(1, 'é')).length);
});
