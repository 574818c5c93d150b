import { isDeepStrictEqual } from 'node:util';
import { cleanJobs } from './catalogue.mjs';

// A peer with several threads may give the next job to another thread, so several jobs look.
const looks = 4;

/** The places where a job found traces of the one before. Undefined if the peer is clean. */
export async function whatIsLeft(host) {
  const { dirty, look, expect } = cleanJobs();
  await host.run(dirty);
  const answers = await Promise.all(Array.from({ length: looks }, () => host.run(look)));
  const found = answers.find(answer => !isDeepStrictEqual(answer, expect));
  return found && `a job found what another one had left in ${found.join(', ')}`;
}
