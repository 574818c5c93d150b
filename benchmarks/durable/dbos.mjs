// node dbos.mjs <folder of npm packages> <PostgreSQL URL> <seconds> <counts, such as 1,16,64>: steps a second of DBOS, one JSON line for each count.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { measure, steps } from './load.mjs';

const [packages, url, seconds, counts] = process.argv.slice(2);
const { DBOS } = createRequire(join(packages, 'package.json'))('@dbos-inc/dbos-sdk');

const increment = async x => x + 1;
const workflow = DBOS.registerWorkflow(async () => {
  let x = 0;
  for (let i = 0; i < steps; i++) x = await DBOS.runStep(() => increment(x), { name: 'increment' });
  return x;
}, { name: 'steps' });

const most = Math.max(...counts.split(',').map(Number));
// A connection for each workflow: with the default of 10, workflows wait for each other.
DBOS.setConfig({ name: 'bench', applicationVersion: '1', systemDatabaseUrl: url, systemDatabasePoolSize: most + 4, logLevel: 'error' });
await DBOS.launch();
await measure(counts, Number(seconds), () => workflow());
await DBOS.shutdown();
process.exit();
