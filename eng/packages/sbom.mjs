// Prints the bill of materials of the packages (CycloneDX 1.6, JSON): the engine's pin, what is linked into it, the NuGet packages of the lock files, what the
// demo page carries, and the hashes of the files that a host is pinned to. The same inputs give the same bytes: it has no date, and its serial number is a
// hash.   artifacts/engine/node eng/packages/sbom.mjs > sbom.cdx.json
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const version = /<Version>(.+)<\/Version>/.exec(read('Directory.Build.props'))[1];
const hex = (base64) => Buffer.from(base64, 'base64').toString('hex');
const license = (id) => [{ license: { id } }];

// The entries of process.versions that are libraries, with their licences. The others are versions of interfaces.
const linked = {
  ada: 'MIT', ares: 'MIT', brotli: 'MIT', icu: 'Unicode-3.0', llhttp: 'MIT', nghttp2: 'MIT', openssl: 'Apache-2.0', simdjson: 'Apache-2.0', simdutf: 'MIT',
    sqlite: 'blessing',
  uv: 'MIT', uvwasi: 'MIT', v8: 'BSD-3-Clause', zlib: 'Zlib', zstd: 'BSD-3-Clause',
};

function engine() {
  const [path, lock] = Object.entries(JSON.parse(read('eng/engine/package-lock.json')).packages).find(([name]) => name !== '');
  const name = path.replace('node_modules/', '');
  if (process.versions.node !== lock.version) throw new Error(`run by Node ${process.versions.node}, but ${lock.version} is pinned: use artifacts/engine/node`);
  return {
    type: 'library', 'bom-ref': `pkg:npm/${name}@${lock.version}`, name, version: lock.version, purl: `pkg:npm/${name}@${lock.version}`,
      licenses: license(lock.license),
    description: 'Node.js, which Enclave uses as a V8 library', hashes: [{ alg: 'SHA-512', content: hex(lock.integrity.replace('sha512-', '')) }],
    components: Object.entries(linked).filter(([part]) => process.versions[part]).map(([part, id]) => ({
      type: 'library', 'bom-ref': `${name}/${part}`, name: part, version: process.versions[part], licenses: license(id),
    })),
  };
}

// The packages of ours that need others of ours; the first brings the engine.
const beside = {
  'Enclave.Engine.linux-x64': [], 'Enclave.Host': ['Enclave.Engine.linux-x64'], 'Enclave.Cli': ['Enclave.Host'], 'Enclave.Testing': ['Enclave.Host'],
  'Enclave.Extensions.AI': ['Enclave.Host'], 'Enclave.Agents.AI': ['Enclave.Extensions.AI'],
  'Enclave.Mcp': ['Enclave.Host'], 'Enclave.Mcp.AspNetCore': ['Enclave.Mcp'], 'Enclave.Streaming': [],
  'Enclave.SessionWire': ['Enclave.Host', 'Enclave.Streaming'],
  'Enclave.Broker': ['Enclave.Host', 'Enclave.SessionWire', 'Enclave.Streaming', 'Enclave.Tenants'], 'Enclave.Broker.PostgreSql': ['Enclave.Broker'],
  'Enclave.Runtime': ['Enclave.Host', 'Enclave.SessionWire', 'Enclave.Streaming'], 'Enclave.RabbitMq': ['Enclave.Broker', 'Enclave.Runtime'],
  'Enclave.Client': ['Enclave.Streaming'], 'Enclave.Tenants': ['Enclave.Host'], 'Enclave.Engine.Portable': [],
};
// Projects that do not have the name of their package.
const projects = { 'Enclave.Engine.Portable': 'Enclave.Worker.Portable' };

// Packages that are not under the MIT licence; of several licences the one that is taken.
const others = { 'RabbitMQ.Client': 'Apache-2.0', 'ModelContextProtocol.Core': 'Apache-2.0', ModelContextProtocol: 'Apache-2.0',
  'ModelContextProtocol.AspNetCore': 'Apache-2.0' };

// Each package of the shipped projects, once; those for development alone carry nothing into a package.
function packages() {
  const found = new Map();
  const needs = new Map();
  for (const project of Object.keys(beside).slice(1)) {
    const lock = JSON.parse(read(`src/${projects[project] ?? project}/packages.lock.json`)).dependencies['net10.0'];
    const shipped = Object.entries(lock).filter(([name, entry]) => entry.type !== 'Project' && !name.startsWith('Microsoft.CodeAnalysis.'));
    needs.set(project, shipped.filter(([, entry]) => entry.type === 'Direct').map(([name, entry]) => reference(name, entry)));
    for (const [name, entry] of shipped) {
      found.set(reference(name, entry), {
        type: 'library', 'bom-ref': reference(name, entry), name, version: entry.resolved, purl: reference(name, entry),
          licenses: license(others[name] ?? 'MIT'),
        hashes: [{ alg: 'SHA-512', content: hex(entry.contentHash) }],
      });
    }
  }
  return { components: [...found.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)), needs };
}

// The packages inside the built demo page: everything in its lock file except development dependencies.
function page() {
  const installed = Object.entries(JSON.parse(read('demo/browser/package-lock.json')).packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && !entry.optional);
  return installed.map(([path, entry]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${entry.version}`;
    return { type: 'library', 'bom-ref': purl, name, version: entry.version, purl, licenses: license(entry.license), hashes: [
      { alg: 'SHA-512', content: hex(entry.integrity.replace('sha512-', '')) }] };
  });
}

const reference = (name, entry) => `pkg:nuget/${name}@${entry.resolved}`;
const own = (name) => `pkg:nuget/${name}@${version}`;

function file(path) {
  if (!existsSync(join(root, path))) throw new Error(`${path} is missing: eng/pack.sh builds it first`);
  const content = createHash('sha256').update(readFileSync(join(root, path))).digest('hex');
  return { type: 'file', 'bom-ref': `file:${path.split('/').pop()}`, name: path.split('/').pop(), hashes: [{ alg: 'SHA-256', content }] };
}

const node = engine();
const { components, needs } = packages();
const pageParts = page();
const files = ['node', 'libenclave-engine.so', 'snapshot.bin'].map((name) => file(`artifacts/engine/${name}`));
const ours = Object.keys(beside).map((name) => ({
  type: name === 'Enclave.Cli' ? 'application' : 'library', 'bom-ref': own(name), name, version, purl: own(name), licenses: license(others[name] ?? 'MIT'),
}));
ours[0].components = files;
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
  metadata: { component: { type: 'framework', 'bom-ref': 'enclave', name: 'Enclave', version, licenses: license('MIT') } },
  components: [...ours, node, ...components, ...pageParts],
  dependencies: [
    { ref: 'enclave', dependsOn: ours.map((component) => component['bom-ref']) },
    { ref: own('Enclave.Engine.linux-x64'), dependsOn: [node['bom-ref']] },
    ...Object.entries(beside).slice(1).map(([name, others]) =>
    ({ ref: own(name), dependsOn: [...others.map(own), ...needs.get(name), ...(name === 'Enclave.Cli' ? pageParts.map((part) => part['bom-ref']) : [])] })),
  ],
};
const digest = createHash('sha256').update(JSON.stringify(bom)).digest('hex');
bom.serialNumber = `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
