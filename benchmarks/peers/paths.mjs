import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const benchmarks = join(import.meta.dirname, '..');
const root = join(benchmarks, '..');
const artifacts = join(root, 'artifacts');

/** The folder with the project's neighbours. The documented product is loaded from there. */
export const shared = process.env.ENCLAVE_SHARED ?? join(root, '..', 'shared');

/** The pinned engine: every peer runs in it, also if another node started run.mjs. */
export const engine = join(process.env.ENCLAVE_ENGINE ?? join(artifacts, 'engine'), 'node');

export function engineVersion() {
  return execFileSync(engine, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

/** The program that measures the contestants in .NET. */
export const dotnetPeers = join(artifacts, 'bin', 'Enclave.DotNetPeers', 'release', 'Enclave.DotNetPeers');

/** The version of a NuGet package that the project pins. */
export function nugetVersionOf(packageName) {
  const text = readFileSync(join(root, 'Directory.Packages.props'), 'utf8');
  return text.match(new RegExp(`Include="${packageName.replaceAll('.', '\\.')}" Version="([^"]+)"`))[1];
}

const peers = join(artifacts, 'npm', 'peers');

/** Loads a package that install.sh put into artifacts. Nothing is installed beside the sources. */
export const requirePeer = createRequire(join(peers, 'package.json'));

export function peerFile(...path) {
  return join(peers, 'node_modules', ...path);
}

export function versionOf(packageName) {
  return JSON.parse(readFileSync(peerFile(packageName, 'package.json'), 'utf8')).version;
}
