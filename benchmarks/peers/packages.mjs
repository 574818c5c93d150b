import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarks } from './paths.mjs';

/** The version of a NuGet package that the project pins. */
export function packageVersion(name) {
  const text = readFileSync(join(benchmarks, '..', 'Directory.Packages.props'), 'utf8');
  return text.match(new RegExp(`Include="${name.replaceAll('.', '\\.')}" Version="([^"]+)"`))[1];
}
