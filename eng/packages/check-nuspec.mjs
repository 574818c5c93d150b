// Checks the description that each package carries (its .nuspec): licence, readme, addresses.
//   node check-nuspec.mjs [--project URL] [--repository URL] [--commit HASH] FILE.nupkg...
// A named address must be that one. An address that is not named may be missing, and otherwise is one on the web.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const centralEnd = 0x06054b50;

/** The files of a ZIP archive by name, each with a function that gives its bytes. */
function readArchive(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== centralEnd) end--;
  if (end < 0) throw new Error('it is no archive');
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28), method = bytes.readUInt16LE(at + 10), size = bytes.readUInt32LE(at + 20);
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(begin, begin + size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), () => (method === 0 ? packed : inflateRawSync(packed)));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** What is wrong with a package, one sentence each. */
function findFaults(path, expected) {
  const files = readArchive(readFileSync(path)), faults = [];
  const descriptions = [...files.keys()].filter((name) => /^[^/]+\.nuspec$/.test(name));
  if (descriptions.length !== 1) return [`it has ${descriptions.length} descriptions`];
  const text = files.get(descriptions[0])().toString('utf8');
  const element = (name) => new RegExp(`<${name}\\b[^>]*>([^<]*)</${name}>`).exec(text)?.[1];
  const repository = /<repository\b[^>]*>/.exec(text)?.[0] ?? '';
  const attribute = (name) => new RegExp(` ${name}="([^"]*)"`).exec(repository)?.[1];

  const own = `${element('id')}.${element('version')}.nupkg`;
  if (own !== basename(path)) faults.push(`it calls itself ${own}`);
  if (!/<license type="expression">MIT<\/license>/.test(text)) faults.push(`its licence is ${element('license')}`);
  if (!element('authors') || !element('description')) faults.push('it has no authors or no description');
  const readme = files.get(element('readme'))?.().toString('utf8') ?? '';
  if (!readme.startsWith('# ')) faults.push(`its readme ${element('readme')} is not in it, or has no heading`);

  const check = (what, found, wanted) => {
    if (wanted !== undefined && found !== wanted) faults.push(`its ${what} is ${found}, not ${wanted}`);
    else if (found !== undefined && !/^https:\/\/[^@\s]+$/.test(found)) faults.push(`its ${what} ${found} is no address on the web`);
  };
  check('projectUrl', element('projectUrl'), expected.project);
  check('repository', attribute('url'), expected.repository);
  if (expected.commit !== undefined && attribute('commit') !== expected.commit) faults.push(`its commit is ${attribute('commit')}, not ${expected.commit}`);
  return faults;
}

const { values, positionals } = parseArgs({
  options: { project: { type: 'string' }, repository: { type: 'string' }, commit: { type: 'string' } },
  allowPositionals: true,
});
if (positionals.length === 0) throw new Error('no package is named');
for (const path of positionals) {
  for (const fault of findFaults(path, values)) {
    console.error(`${basename(path)}: ${fault}`);
    process.exitCode = 1;
  }
}
