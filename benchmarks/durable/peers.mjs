// The peers of durable runs: each with a server of its own in a temporary folder, which is removed afterwards. A peer that is not here is left out.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchmarks, engine } from '../peers/paths.mjs';
import { linesOf } from '../report/keep.mjs';
import { untilItWorks } from './load.mjs';

const packages = join(benchmarks, '..', 'artifacts', 'npm', 'durable');
const counts = '1,16,64';

const peers = [
  { name: 'DBOS', needs: ['@dbos-inc/dbos-sdk'], program: 'dbos.mjs', start: startPostgres },
  { name: 'Restate', needs: ['@restatedev/restate-sdk', '@restatedev/restate-server-linux-x64'], program: 'restate.mjs', start: startRestate },
];

/** Yields the figures of every peer, and for one that cannot run why. */
export async function* peerLines(quick) {
  for (const peer of peers) {
    const common = { peer: peer.name, workload: 'steps', unit: '', n: 1 };
    try {
      for await (const line of linesOfPeer(peer, quick)) yield { ...common, ...line };
    } catch (error) {
      yield { ...common, metric: 'left out', value: error.message };
    }
  }
}

async function* linesOfPeer({ needs, program, start }, quick) {
  const versions = needs.map(name => `${name} ${versionOf(name)}`);
  const folder = mkdtempSync(join(tmpdir(), 'enclave-peer-'));
  try {
    const server = await start(folder);
    try {
      const args = ['--no-deprecation', join(import.meta.dirname, program), packages, server.address, quick ? '1' : '10', counts];
      for await (const line of linesOf(engine, args)) yield { ...line, note: [...versions, ...server.versions].join(', ') };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionOf(name) {
  const file = join(packages, 'node_modules', name, 'package.json');
  if (!existsSync(file)) throw new Error(`the npm package ${name} is not installed`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** Debian's server with fsync, on a socket, as benchmarks/servers.sh starts it. */
async function startPostgres(folder) {
  const bin = globSync('/usr/lib/postgresql/*/bin').at(-1);
  if (!bin) throw new Error('there is no PostgreSQL: apt-get install -y postgresql');
  // PostgreSQL refuses to run as root.
  const id = flag => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const as = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if (as.uid) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], { ...as, cwd: folder, stdio: 'ignore' });
  const settings = ['listen_addresses=', 'max_connections=200', 'shared_buffers=256MB', 'max_wal_size=4GB'].flatMap(setting => ['-c', setting]);
  const stop = run(join(bin, 'postgres'), ['-D', data, '-k', folder, ...settings], folder, as);
  await untilItWorks(() => execFileSync(join(bin, 'pg_isready'), ['-h', folder, '-U', 'postgres'], { stdio: 'ignore' }));
  const version = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).match(/[\d.]+/)[0];
  return { address: `postgresql://postgres@localhost/dbos?host=${folder}`, versions: [`PostgreSQL ${version}`], stop };
}

/** The server with its own settings: its log is synchronized before a step counts. */
async function startRestate(folder) {
  const program = join(packages, 'node_modules', '@restatedev', 'restate-server-linux-x64', 'bin', 'restate-server');
  const args = ['--listen-mode', 'unix', '--base-dir', folder, '--node-name', 'bench', '--no-logo'];
  const stop = run(program, args, folder, { env: { ...process.env, DO_NOT_TRACK: '1', RESTATE_LOG_FILTER: 'error', TMPDIR: folder } });
  return { address: join(folder, 'bench'), versions: [], stop };
}

/** Starts a server. Returns what ends it, and waits for its end. */
function run(program, args, folder, options) {
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(program, args, { ...options, cwd: folder, stdio: ['ignore', log, log] });
  const ended = new Promise(resolve => child.once('error', resolve).once('close', resolve));
  return () => {
    child.kill('SIGINT');
    return ended;
  };
}
