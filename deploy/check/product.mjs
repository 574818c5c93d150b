// Checks that commands, options, ports and variables exist in the product, as its own help lists them.
import { execFileSync } from 'node:child_process';

/** The help of the commands that containers start. */
export function readHelp(program) {
  return Object.fromEntries(
    ['serve', 'runtime', 'migrate', 'health'].map((command) => [command, execFileSync('dotnet', [program, command, '--help'], { encoding: 'utf8' })]));
}

const json = (text) => JSON.parse(text.slice(text.indexOf('[')));

/** Every command line in deploy/, and its place. */
export function commandLines({ compose, manifests, dockerfile }) {
  const lines = [];
  for (const [name, { command }] of Object.entries(compose.services)) if (command) lines.push({ where: `compose.yaml: ${name}`, words: command });
  for (const { file, value } of manifests)
    for (const { args } of value.spec?.template?.spec?.containers ?? []) lines.push({ where: `${file}: ${value.metadata.name}`, words: args });
  for (const { name, text } of dockerfile) {
    if (name === 'CMD') lines.push({ where: 'Dockerfile: CMD', words: json(text) });
    if (name === 'HEALTHCHECK') lines.push({ where: 'Dockerfile: HEALTHCHECK', words: json(text).slice(1) });
  }

  return lines;
}

export function productProblems(parts, help) {
  const problems = [], lines = commandLines(parts);
  for (const { where, words } of lines) {
    const [command, ...rest] = words.map(String), known = help[command];
    if (!known) {
      problems.push(`${where}: enclave has no command ${command}`);
      continue;
    }

    const options = new Set(known.match(/(?<=^|[\s,])--[a-z-]+/gm));
    for (const word of rest.filter((one) => one.startsWith('--'))) if (!options.has(word)) problems.push(`${where}: enclave ${command} has no ${word}`);
  }

  // An image exposes the default port of its command.
  const ports = { broker: defaultPort(help.serve), runtime: defaultPort(help.runtime) };
  let stage = '';
  for (const { name, text } of parts.dockerfile) {
    if (name === 'FROM') stage = text.split(' ').at(-1);
    if (name === 'EXPOSE' && Number(text) !== ports[stage]) problems.push(`Dockerfile: ${stage} exposes ${text}; its default is ${ports[stage]}`);
    if (name === 'HEALTHCHECK' && !text.includes(`http://127.0.0.1:${ports[stage]}/health`))
      problems.push(`Dockerfile: the health of ${stage} is asked elsewhere than at ${ports[stage]}`);
  }

  for (const service of Object.values(parts.compose.services)) for (const name of Object.keys(service.environment ?? {})) variable(`compose.yaml`, name);
  for (const { file, value } of parts.manifests)
    for (const { env = [] } of value.spec?.template?.spec?.containers ?? []) for (const { name } of env) variable(file, name);
  return problems;

  function variable(where, name) {
    if (!Object.values(help).some((text) => new RegExp(`\\b${name}\\b`).test(text))) problems.push(`${where}: no command knows the variable ${name}`);
  }
}

const defaultPort = (text) => Number(/--port <N>\s.*?Default: (\d+)/s.exec(text)?.[1]);
