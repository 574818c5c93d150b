// Fails if docs/packages.md says sizes that differ by more than a tenth from those of the packages.
//   node check-sizes.mjs FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const page = readFileSync(new URL('../../docs/packages.md', import.meta.url), 'utf8');
const lines = [...page.matchAll(/^- `(Enclave[^`]*)`.*: ([\d.]+) MB, unpacked ([\d.]+) MB$/gm)];
if (lines.length < 4) throw new Error(`docs/packages.md has the sizes of ${lines.length} packages`);

/** The bytes of a package's files: APPNOTE 4.3.12 and 4.3.16, without ZIP64, which no package needs. */
function unpacked(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = bytes.readUInt32LE(end + 16);
  let sum = 0;
  for (let entries = bytes.readUInt16LE(end + 10); entries > 0; entries--) {
    sum += bytes.readUInt32LE(at + 24);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return sum;
}

for (const [, name, packed, content] of lines) {
  const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}.`) && /^\d+\.\d+\.\d+.*\.nupkg$/.test(entry.slice(name.length + 1)));
  // eng/pack.sh --just-in-time makes none of these two.
  if (!file && name.startsWith('Enclave.Cli.')) continue;
  const bytes = readFileSync(join(folder, file));
  const is = [bytes.length / 1e6, unpacked(bytes) / 1e6];
  if ([packed, content].every((said, at) => Math.abs(is[at] / said - 1) <= 0.1)) continue;
  console.error(`${name}: docs/packages.md says ${packed} MB, unpacked ${content}; it has ${is[0].toFixed(1)} and ${is[1].toFixed(1)}`);
  process.exitCode = 1;
}
