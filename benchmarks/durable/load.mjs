// The load of the peers of durable runs: workflows of twenty steps, so many at a time, one after another for some seconds.
import { setTimeout } from 'node:timers/promises';

/** Steps of a workflow. */
export const steps = 20;

/** Prints a JSON line for each count. `run` runs one workflow and returns its result. */
export async function measure(counts, seconds, run) {
  for (const count of counts.split(',').map(Number)) {
    await during(seconds / 10, count, run);
    const { value, n } = await during(seconds, count, run);
    console.log(JSON.stringify({ metric: `repeatable, ${count} at once`, value: Number(value.toPrecision(4)), unit: 'steps/s', n }));
  }
}

/** Repeats what needs a server that is still starting, for 30 s. */
export async function untilItWorks(ask) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 150) throw error;
      await setTimeout(200);
    }
  }
}

async function during(seconds, count, run) {
  const start = performance.now();
  let workflows = 0;
  const caller = async () => {
    while (performance.now() - start < seconds * 1000) {
      const result = await run();
      if (result !== steps) throw new Error(`a workflow ended with ${result} instead of ${steps}`);
      workflows++;
    }
  };
  await Promise.all(Array.from({ length: count }, caller));
  return { value: workflows * steps / ((performance.now() - start) / 1000), n: workflows * steps };
}
