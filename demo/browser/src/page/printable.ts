import { cut } from './format.js';

// What steers a terminal, turns the direction of text or is not to be seen: C0 but tab and line feed, DEL and C1, marks of
// direction, fillers, line separators, tags, lone surrogates. Joiners are left: scripts and emoji are written with them.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** Text of a stranger, harmless and visible: characters that would act or hide are shown as signs or as their numbers. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(hidden, visible);
}

/** The same in one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\n/g, '␊').replace(/\t/g, '␉');
}

/** The same in one line of a length at most; what is longer ends with an ellipsis. */
export function printableCut(text: string, most: number): string {
  // Cut first: a text of megabytes must not be gone through for forty characters of it.
  const shown = printableLine(cut(text, most));
  return text.length > most ? `${shown}…` : shown;
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  // The block of Unicode that has a sign for each control character of ASCII.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
