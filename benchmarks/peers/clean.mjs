import { isDeepStrictEqual } from 'node:util';
import { cleanJobs } from './catalogue.mjs';

// A peer with several threads may give the next job to another one, so several look.
const looks = 4;

/** Where a job found what the one before it had left; nothing of a peer that is clean. */
export async function whatIsLeft(host) {
  const { dirty, look, expect } = cleanJobs();
  await host.run(dirty);
  const answers = await Promise.all(Array.from({ length: looks }, () => host.run(look)));
  const found = answers.find(answer => !isDeepStrictEqual(answer, expect));
  return found && `a job found what another one had left in ${found.join(', ')}`;
}
