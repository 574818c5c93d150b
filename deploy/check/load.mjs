// Reads the files of deploy/, and the product's own description of itself, as plain values. The checks never open a file.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** Kubernetes and kustomize read YAML 1.1, in which 0440 is octal and a bare `on` is not text. */
export const manifestOf = (text) => parse(text, { version: '1.1' });

/** The documents of one file. A duplicate member is a fault, although YAML's own readers accept it. */
function documents(path, version = '1.2') {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version, merge: true, uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0].message}`);
    return document.toJS();
  });
}

const one = (path) => {
  const all = documents(path);
  if (all.length !== 1) throw new Error(`${path}: ${all.length} documents; there should be one`);
  return all[0];
};

/** The manifests of a folder, without its kustomization. Examples of secrets are separate. */
function folderOf(folder, prefix = '') {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  const all = files.flatMap((file) => documents(join(folder, file), '1.1').map((value) => ({ file: prefix + file, value })));
  return { manifests: all.filter(({ file }) => !file.endsWith('.example.yaml')), examples: all.filter(({ file }) => file.endsWith('.example.yaml')) };
}

/** A Dockerfile's instructions, with continued lines joined. */
function dockerfile(path) {
  return readFileSync(path, 'utf8').replace(/\\\n/g, ' ')
    .split('\n').filter((line) => /^[A-Z]+ /.test(line)).map((line) => ({ name: line.split(' ')[0], text: line.slice(line.indexOf(' ') + 1) }));
}

/** The number that the first group of a pattern matches in a source file of the product. */
function number(path, pattern) {
  const found = pattern.exec(readFileSync(path, 'utf8'));
  if (!found) throw new Error(`${path} has no ${pattern}`);
  return Number(found[1]);
}

/** The rows of a Markdown table without its header, each cell without its code marks. */
function table(path, header) {
  const lines = readFileSync(path, 'utf8').split('\n'), start = lines.indexOf(header);
  if (start < 0) throw new Error(`${path} has no table '${header}'`);
  const rows = lines.slice(start + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith('|')))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')));
}

const code = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);

/** The instruments of docs/telemetry.md under their Prometheus names. */
function metrics(path) {
  return ['| instrument | kind, unit | tags | what |'].flatMap((header) => {
    const text = readFileSync(path, 'utf8'), tables = text.split(header).slice(1);
    return tables.flatMap((rest) =>
      rest.split('\n').slice(2).filter((line, i, all) => line.startsWith('|') && all.slice(0, i).every((before) => before.startsWith('|')))).flatMap((line) => {
      const [names, kind] = line.slice(1, -1).split(/(?<!\\)\|/), all = code(names), [first] = all;
      const unit = /, s\b/.test(kind) ? '_seconds' : /, By\b/.test(kind) ? '_bytes' : '';
      return all.map((name) => (name.startsWith('.') ? first.slice(0, first.lastIndexOf('.')) + name : name)).flatMap((name) => {
        const own = name.replaceAll('.', '_') + unit;
        if (kind.includes('histogram')) return ['_bucket', '_count', '_sum'].map((end) => own + end);
        return [/(?<!up-down )counter/.test(kind) ? `${own}_total` : own];
      });
    });
  });
}

/** @param {string} root the repository */
export function load(root) {
  const deploy = join(root, 'deploy'), folder = join(deploy, 'kubernetes'), distributed = join(deploy, 'kubernetes-distributed'), source = join(root, 'src');
  const header = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', base = folderOf(folder);
  return {
    kustomization: one(join(folder, 'kustomization.yaml')),
    manifests: base.manifests,
    examples: [...base.examples, ...folderOf(distributed, 'kubernetes-distributed/').examples],
    components: readdirSync(join(folder, 'components')).map((name) => {
      const path = join(folder, 'components', name);
      return { name, value: one(join(path, 'kustomization.yaml')), manifests: folderOf(path, `components/${name}/`).manifests };
    }),
    distributed: one(join(distributed, 'kustomization.yaml')),
    compose: one(join(deploy, 'compose.yaml')),
    dockerfile: dockerfile(join(deploy, 'Dockerfile')),
    seccomp: JSON.parse(readFileSync(join(deploy, 'seccomp', 'enclave.json'), 'utf8')),
    profiles: readdirSync(join(deploy, 'seccomp')),
    apparmor: readdirSync(join(deploy, 'apparmor')),
    // From the kernel's headers, which come with the compiler.
    calls: existsSync(header) ? new Set([...readFileSync(header, 'utf8').matchAll(/__NR_(\w+)/g)].map((match) => match[1])) : null,
    version: readFileSync(join(root, 'Directory.Build.props'), 'utf8').match(/<Version>(.*?)<\/Version>/)[1],
    metrics: metrics(join(root, 'docs', 'telemetry.md')),
    page: readFileSync(join(root, 'docs', 'containers.md'), 'utf8'),
    product: {
      prefix: /string Prefix \{ get; set; \} = "(\w+)"/.exec(readFileSync(join(source, 'Enclave.RabbitMq/Options/QueueOptions.cs'), 'utf8'))[1],
      maxMessageBytes: number(join(source, 'Enclave.RabbitMq/Options/QueueOptions.cs'), /MaxMessageBytes \{ get; set; \} = (\d+) << 20/) * 2 ** 20,
      storeConnections: number(join(source, 'Enclave.Broker.PostgreSql/Options/PostgreSqlStoreOptions.cs'), /MaxConnections \{ get; set; \} = (\d+)/),
      // The most seconds from SIGTERM to the end: --drain-timeout for sessions, a part of the stop for readers, and the remaining work.
      drain: {
        serve: {
          sessions: number(join(source, 'Enclave.Cli/Serve/ServeRun.cs'), /UsualDrainSeconds = (\d+)/),
          share: 1 - number(join(source, 'Enclave.Broker/Lifecycle/BrokerLifetime.cs'), /ReaderShare = (0\.\d+)/),
          forReaders: number(join(source, 'Enclave.Broker/Lifecycle/BrokerLifetime.cs'), /s_leastForReaders = TimeSpan\.FromSeconds\((\d+)\)/),
          more: 0,
        },
        runtime: {
          sessions: number(join(source, 'Enclave.Runtime/Options/RuntimeWorkerOptions.cs'), /DrainTimeout \{ get; init; \} = TimeSpan\.FromSeconds\((\d+)\)/),
          share: 1,
          forReaders: 0,
          more: 2 * number(join(source, 'Enclave.RabbitMq/Options/QueueRuntimeOptions.cs'), /AskTimeout \{ get; set; \} = TimeSpan\.FromSeconds\((\d+)\)/)
            + number(join(source, 'Enclave.RabbitMq/Runtimes/QueueRuntime.cs'), /s_patience = TimeSpan\.FromSeconds\((\d+)\)/),
        },
      },
      permissions: Object.fromEntries(table(join(root, 'docs', 'dispatch.md'), '| | configure | write | read |').map(([user, ...cells]) => {
        const [configure, write, read] = cells.map((cell) => code(cell)[0]);
        return [user, { configure, write, read }];
      })),
    },
  };
}

/** The names of the components in a kustomization, in its order. */
export const componentsOf = (kustomization) => (kustomization.components ?? []).map((path) => basename(path));
