import { createRequire } from 'node:module';
import { join } from 'node:path';

export const benchmarks = join(import.meta.dirname, '..');
const artifacts = join(benchmarks, '..', 'artifacts');

/** The pinned engine: every peer runs in it, whatever node started run.mjs. */
export const engine = join(process.env.ENCLAVE_ENGINE ?? join(artifacts, 'engine'), 'node');

/** Loads a package that install.sh put into artifacts; nothing is installed beside the sources. */
export const requirePeer = createRequire(join(artifacts, 'npm', 'peers', 'package.json'));
