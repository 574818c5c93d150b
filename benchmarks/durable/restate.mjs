// node restate.mjs <folder of npm packages> <folder with the server's sockets> <seconds> <counts, such as 1,16,64>: steps a second of Restate, one JSON
// line for each count. The service runs in this process, as DBOS's workflows do, and is called through the server.
import { Agent, request } from 'node:http';
import { createServer } from 'node:http2';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { measure, steps, untilItWorks } from './load.mjs';

const [packages, sockets, seconds, counts] = process.argv.slice(2);
const restate = createRequire(join(packages, 'package.json'))('@restatedev/restate-sdk');

const service = restate.service({
  name: 'bench',
  handlers: {
    steps: async context => {
      let x = 0;
      for (let i = 0; i < steps; i++) x = await context.run('increment', () => x + 1);
      return x;
    },
  },
});
// Its log has two lines for each call, which would be measured too.
const server = createServer(restate.createEndpointHandler({ services: [service], logger: () => {} }));
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

/** A request at one of the server's sockets. */
function post(socket, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ socketPath: join(sockets, `${socket}.sock`), method: 'POST', path, headers, agent }, async response => {
      let text = '';
      for await (const part of response) text += part;
      if (response.statusCode < 300) resolve(JSON.parse(text));
      else reject(new Error(`${path}: ${response.statusCode} ${text}`));
    });
    sent.once('error', reject).end(JSON.stringify(body));
  });
}

const run = () => post('ingress', '/bench/steps', null);
await untilItWorks(() => post('admin', '/deployments', { uri: `http://127.0.0.1:${server.address().port}` }));
await untilItWorks(run);
await measure(counts, Number(seconds), run);
process.exit();
