import { boundedText, parseJson } from './boundedText.js';
import { members, text } from './jsonMembers.js';
import { printableCut } from './printable.js';

const mostBytes = 64 * 1024;
const mostShown = 300;

/** What a broker's refusal says: its status, and its message if there is one. */
export async function problemOf(answer: Response): Promise<string> {
  const message = text(members(parseJson((await boundedText(answer, mostBytes)) ?? ''))?.['message']);
  return `the broker answered with ${answer.status}${message === undefined ? '' : `: ${printableCut(message, mostShown)}`}`;
}
