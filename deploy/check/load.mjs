// Reads what there is in deploy/, as plain values: what judges them never opens a file.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The documents of one file. Two members of one name are a fault, which YAML's own readers pass over. */
function documents(path) {
  return parseAllDocuments(readFileSync(path, 'utf8'), { merge: true, uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0].message}`);
    return document.toJS();
  });
}

const one = (path) => {
  const all = documents(path);
  if (all.length !== 1) throw new Error(`${path}: ${all.length} documents; there should be one`);
  return all[0];
};

/** A Dockerfile's instructions, continued lines joined. */
function dockerfile(path) {
  return readFileSync(path, 'utf8').replace(/\\\n/g, ' ').split('\n').filter((line) => /^[A-Z]+ /.test(line)).map((line) => ({ name: line.split(' ')[0], text: line.slice(line.indexOf(' ') + 1) }));
}

/** @param {string} root the repository */
export function load(root) {
  const deploy = join(root, 'deploy'), folder = join(deploy, 'kubernetes');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  const header = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
  return {
    kustomization: one(join(folder, 'kustomization.yaml')),
    manifests: files.flatMap((file) => documents(join(folder, file)).map((value) => ({ file, value }))),
    components: readdirSync(join(folder, 'components')).map((name) => ({ name, value: one(join(folder, 'components', name, 'kustomization.yaml')) })),
    compose: one(join(deploy, 'compose.yaml')),
    dockerfile: dockerfile(join(deploy, 'Dockerfile')),
    seccomp: JSON.parse(readFileSync(join(deploy, 'seccomp', 'enclave.json'), 'utf8')),
    profiles: readdirSync(join(deploy, 'seccomp')),
    apparmor: readdirSync(join(deploy, 'apparmor')),
    // Of the kernel's headers, which come with the compiler.
    calls: existsSync(header) ? new Set([...readFileSync(header, 'utf8').matchAll(/__NR_(\w+)/g)].map((match) => match[1])) : null,
    version: readFileSync(join(root, 'Directory.Build.props'), 'utf8').match(/<Version>(.*?)<\/Version>/)[1],
    metrics: [...readFileSync(join(root, 'src/Enclave.Host/Diagnostics/TelemetryNames.cs'), 'utf8').matchAll(/"(enclave\.[a-z._]+)"/g)].map((match) => match[1].replaceAll('.', '_')),
    page: readFileSync(join(root, 'docs', 'containers.md'), 'utf8'),
  };
}
