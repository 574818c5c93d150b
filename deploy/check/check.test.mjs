// Tests that the checks fail: each test puts one fault into a copy of deploy/, and the checks must find it.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { agreementProblems, listProblems } from './agreement.mjs';
import { composeProblems } from './compose.mjs';
import { schemaProblems, typeProblems } from './kubernetes.mjs';
import { load, manifestOf as parse } from './load.mjs';
import { patched } from './patch.mjs';
import { productProblems, readHelp } from './product.mjs';
import { seccompProblems } from './seccomp.mjs';

const parts = load(process.env.ENCLAVE_ROOT), folder = dirname(fileURLToPath(import.meta.url));

/** A copy of everything, with one fault in it. */
function broken(change) {
  const { calls, ...rest } = parts, copy = { ...structuredClone(rest), calls };
  change(copy, (kind, name) => [...copy.manifests, ...copy.examples].find(({ value }) => value.kind === kind && (!name || value.metadata.name === name)).value);
  return copy;
}

const spec = (workload) => workload.spec.template.spec;
const found = (problems, words) => assert.ok(problems.some((problem) => problem.includes(words)), `'${words}' is not among ${JSON.stringify(problems)}`);

for (const [name, change, words] of [
  ['a wrong type', (get) => { spec(get('StatefulSet')).containers[0].ports[0].containerPort = 'three'; }, 'containerPort'],
  ['a value that is none', (get) => { get('StatefulSet').spec.podManagementPolicy = 1; }, 'podManagementPolicy'],
  ['a kind that is none', (get) => { get('PodDisruptionBudget').kind = 'PodBudget'; }, 'has no PodBudget'],
  ['a version that is none', (get) => { get('HorizontalPodAutoscaler').apiVersion = 'autoscaling/v9'; }, 'autoscaling/v9'],
  ['a member that is missing', (get) => { delete get('StatefulSet').spec.selector; }, 'selector'],
]) {
  test(`schemas: ${name}`, async () => found(await schemaProblems(broken((_, get) => change(get)).manifests), words));
}

test('types: members that are none, and values that are none', () => {
  const all = typeProblems(broken((_, get) => {
    spec(get('StatefulSet')).containers[0].imagee = 'x';
    spec(get('Deployment')).securityContext.seccompProfile = { type: 'Default' };
    get('NetworkPolicy', 'enclave-runtime').spec.ingres = [];
    get('Service', 'enclave-broker').spec.sessionAffinity = 1;
  }).manifests, folder);

  for (const words of ['"imagee"', '"Default"', '"ingres"', 'enclave-broker: Type']) found(all, words);
});

for (const [name, change, words] of [
  ['a file that is not listed', (copy) => { copy.kustomization.resources.pop(); }, 'kustomization.yaml: lists'],
  ['another version', (copy) => { copy.kustomization.images[0].newTag = '9.9.9'; }, 'is 9.9.9'],
  ['a version that differs from the list', (_, get) => { spec(get('Deployment')).containers[0].image = 'enclave-broker:9'; }, 'it runs enclave-broker:9'],
  ['pods on one machine', (_, get) => { delete spec(get('Deployment')).topologySpreadConstraints; }, 'may all lie on one machine'],
  ['pods spread by others', (_, get) => { spec(get('Deployment')).topologySpreadConstraints[0].labelSelector.matchLabels = { a: 'b' }; },
    'spread by the labels of others'],
  ['a secret of nobody', (_, get) => { spec(get('Deployment')).volumes[0].secret.secretName = 'other'; }, 'the secret other is in no example'],
  ['a key of nobody', (_, get) => { spec(get('Deployment')).volumes[0].secret.items[0].key = 'other'; }, 'has no other'],
  ['a volume that is mounted nowhere', (_, get) => { spec(get('Deployment')).volumes.push({ name: 'more', secret: { secretName: 'enclave-tokens' } }); },
    'more is mounted nowhere'],
  ['a volume that may be written', (_, get) => { delete spec(get('Deployment')).containers[0].volumeMounts[0].readOnly; }, 'tokens may be written'],
  ['no budget', (copy) => { copy.manifests = copy.manifests.filter(({ value }) => value.kind !== 'PodDisruptionBudget'); }, 'no disruption budget'],
  ['a budget of others', (_, get) => { get('PodDisruptionBudget').spec.selector.matchLabels = { a: 'b' }; }, 'it chooses no pods'],
  ['a secret in the example', (_, get) => { get('Secret').stringData['runtime-token'] = 'x'; }, 'runtime-token has a value'],
  ['root', (_, get) => { spec(get('StatefulSet')).securityContext.runAsNonRoot = false; }, 'may run as root'],
  ['a capability', (_, get) => { spec(get('StatefulSet')).containers[0].securityContext.capabilities.add = ['SYS_ADMIN']; }, 'add SYS_ADMIN'],
  ['a profile that is not there', (_, get) => { spec(get('StatefulSet')).securityContext.seccompProfile.localhostProfile = 'other.json'; },
    'Localhost other.json'],
  ['no limit', (_, get) => { delete spec(get('StatefulSet')).containers[0].resources.limits.memory; }, 'no limits of memory'],
  ['a probe elsewhere', (_, get) => { spec(get('Deployment')).containers[0].readinessProbe.httpGet.path = '/healthz'; }, 'asks /healthz'],
  ['a probe of no port', (_, get) => { spec(get('Deployment')).containers[0].livenessProbe.httpGet.port = 'web'; }, 'asks the port web'],
  ['a port that differs', (_, get) => { spec(get('StatefulSet')).containers[0].args[4] = '3002'; }, 'it listens on 3002'],
  ['a secret file that is not mounted', (_, get) => { spec(get('StatefulSet')).volumes[0].secret.items = []; }, 'runtime-token is not in its volumes'],
  ['labels that differ', (_, get) => { get('Service', 'enclave-broker').spec.selector['app.kubernetes.io/name'] = 'other'; }, 'chooses no pods'],
  ['a runtime less in the list', (_, get) => { spec(get('Deployment')).containers[0].env[0].value = 'ws://enclave-runtime-0.enclave-runtime:3001'; },
    'RUNTIME_URL'],
  ['figures that nobody shows', (_, get) => { const main = spec(get('StatefulSet')).containers[0]; main.args = main.args.slice(0, -2); },
    'is shown by none of its pods'],
  ['a metric of nobody', (_, get) => { get('HorizontalPodAutoscaler').spec.metrics[0].pods.metric.name = 'enclave_sessions'; },
    'enclave_sessions is not a metric'],
  ['no default', (copy) => { copy.manifests = copy.manifests.filter(({ value }) => value.metadata.name !== 'default-deny'); }, 'nothing is refused by default'],
  ['a way out for runtimes', (_, get) => { get('NetworkPolicy', 'enclave-runtime').spec.egress = [{}]; }, 'runtimes reach out'],
  ['a way in for all', (_, get) => { delete get('NetworkPolicy', 'enclave-runtime').spec.ingress[0].from; }, 'others than brokers'],
]) {
  test(`agreement: ${name}`, () => found([...agreementProblems(broken(change)), ...listProblems(broken(change))], words));
}

for (const [name, change, words] of [
  ['a member that is none', ({ compose }) => { compose.services.broker.imagee = 'x'; }, "'imagee'"],
  ['a published runtime', ({ compose }) => { compose.services['runtime-2'].ports = ['3001:3001']; }, 'runtime-2 publishes'],
  ['a way out', ({ compose }) => { compose.networks.runtimes.internal = false; }, 'runtime-1 reaches out'],
  ['a runtime that nobody asks', ({ compose }) => { compose.services.broker.environment.RUNTIME_URL = 'ws://runtime-1:3001'; }, 'RUNTIME_URL is'],
  ['no profile', ({ compose }) => { compose.services['runtime-3'].security_opt = ['no-new-privileges:true']; }, 'runtime-3 has no seccomp profile'],
  ['a secret that is not given', ({ compose }) => { compose.services.broker.secrets.pop(); }, 'is not given the secret'],
]) {
  test(`compose: ${name}`, () => found(composeProblems(broken(change)), words));
}

for (const [name, change, words] of [
  ['a call that is none', ({ seccomp }) => { seccomp.syscalls[0].names.push('zzz'); }, 'zzz is not a call'],
  ['a call too many', ({ seccomp }) => { seccomp.syscalls.at(-1).names = ['sethostname', 'unshare']; }, 'unshare is allowed'],
  ['namespaces as one likes', ({ seccomp }) => { delete seccomp.syscalls.find((rule) => rule.comment.startsWith('bubblewrap: a jail')).args; },
    'clone makes namespaces'],
  ['the other form', ({ seccomp }) => { seccomp.syscalls[1].includes = { caps: ['CAP_SYS_ADMIN'] }; }, "'includes' is not of the OCI's form"],
  ['what is not explained', (copy) => { copy.page = ''; }, 'does not say why mount'],
]) {
  test(`seccomp: ${name}`, () => found(seccompProblems(broken(change)), words));
}

test('product: commands, options, ports and variables that are none', () => {
  const help = readHelp(process.env.ENCLAVE_PROGRAM);
  const all = productProblems(broken(({ compose, dockerfile }, get) => {
    compose.services.broker.command.push('--max-worker');
    compose.services.broker.environment.RUNTIME_URLS = 'x';
    spec(get('StatefulSet')).containers[0].args[0] = 'run-time';
    spec(get('Deployment')).containers[0].args.push('--queues');
    dockerfile.find(({ name, text }) => name === 'EXPOSE' && text === '3001').text = '3002';
  }), help);

  for (const words of ['enclave serve has no --max-worker', 'enclave serve has no --queues', 'no command run-time', 'runtime exposes 3002',
    'the variable RUNTIME_URLS']) found(all, words);
});

test('patches: what they patch has to be there', () => {
  const component = (patch) => ({ name: 'x', value: { patches: [{ target: { kind: 'StatefulSet', name: 'enclave-runtime' }, patch }] } });

  found(patched(parts.manifests, component('- { op: replace, path: /spec/template/spec/securitycontext, value: {} }'), parse).problems,
    'has no /spec/template/spec/securitycontext');
  found(patched(parts.manifests, component('- { op: remove, path: /spec/none }'), parse).problems, 'has no /spec/none');
  found(patched(parts.manifests, component('- { op: move, path: /spec }'), parse).problems, "'move' is not known");
  found(patched(parts.manifests, { name: 'x', value: { patches: [{ target: { kind: 'Deployment', name: 'none' }, patch: '[]' }] } }, parse).problems,
    'there is no Deployment none');
  found(patched(parts.manifests, { name: 'x', value: { patches: [{ target: { kind: 'Service', name: '.*' }, patch: '[]' }] } }, parse).problems,
    'there are several Service');
  found(patched(parts.manifests, { name: 'x', value: { resources: ['more.yaml'] } }, parse).problems, 'lists components/x/more.yaml');
  found(patched(parts.manifests, { name: 'x', value: { resources: ['a.yaml'] }, manifests: [
    { file: 'components/x/a.yaml', value: { kind: 'Deployment', metadata: { name: 'enclave-broker' } } }] }, parse).problems,
    'Deployment enclave-broker is there twice');
});
