import { cut } from './format.js';

// Characters that control a terminal, change the direction of text or are invisible: C0 except tab and line feed, DEL and C1, marks of
// direction, fillers, line separators, tags, lone surrogates. Joiners are left, because scripts and emoji need them.
const hidden = new RegExp([
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f]',
  '[\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb]', '[\\u{e0000}-\\u{e0fff}]', '\\p{Surrogate}',
].join('|'), 'gu');

/** Makes untrusted text harmless and visible: such characters are escaped, as on the command line. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(hidden, visible);
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\n/g, '\\n').replace(/\t/g, '\\t');
}

/** The same on one line of limited length; a longer text ends with an ellipsis. */
export function printableCut(text: string, most: number): string {
  // Cut first, so that a text of megabytes is not searched for forty of its characters.
  const shown = printableLine(cut(text, most));
  return text.length > most ? `${shown}…` : shown;
}

function visible(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
