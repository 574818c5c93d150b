// Tests that the checks of the distributed tier fail: each test puts one fault into the manifests of kubernetes-distributed, and the checks must find it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { agreementProblems } from './agreement.mjs';
import { distributedProblems } from './distributed.mjs';
import { schemaProblems, typeProblems } from './kubernetes.mjs';
import { componentsOf, load, manifestOf } from './load.mjs';
import { networkProblems } from './network.mjs';
import { assembled } from './patch.mjs';

const root = process.env.ENCLAVE_ROOT, parts = load(root), tier = assembled(parts, componentsOf(parts.distributed), manifestOf);

/** A copy of the tier, with one fault in it. */
function broken(change) {
  const { calls, ...rest } = parts, copy = { ...structuredClone(rest), calls, manifests: structuredClone(tier.manifests) };
  change((kind, name) => [...copy.manifests, ...copy.examples].find(({ value }) => value.kind === kind && (!name || value.metadata.name === name)).value, copy);
  return copy;
}

const spec = (workload) => workload.spec.template.spec, main = (workload) => spec(workload).containers[0];
const found = (problems, words) => assert.ok(problems.some((problem) => problem.includes(words)), `'${words}' is not among ${JSON.stringify(problems)}`);
const without = (list, word) => { const at = list.indexOf(word); list.splice(at, 2); };

test('the tier is without a fault before one is put in', () => assert.deepEqual(
  [...tier.problems, ...agreementProblems(broken(() => {})), ...distributedProblems(broken(() => {}))], []));

for (const [name, change, words] of [
  ['a queue of another level', (get) => { get('ScaledObject').spec.triggers[2].metadata.queueName = 'enclave.runs.strict.default'; },
    'it counts enclave.runs.strict.default'],
  ['a queue of a class that no runtime takes', (get) => { main(get('Deployment', 'enclave-runtime')).args.push('--trust-class', 'partners'); },
    'runtimes take from enclave.runs.secure.partners'],
  ['brokers of another level', (get) => { without(main(get('Deployment', 'enclave-broker')).args, '--level'); }, 'of a level that no runtime has'],
  ['brokers without queues', (get) => { without(main(get('Deployment', 'enclave-broker')).args, '--queue-file'); }, 'do not both use queues'],
  ['access that is not there', (get) => { get('ScaledObject').spec.triggers[2].authenticationRef.name = 'other'; }, 'no TriggerAuthentication other'],
  ['a key that is in no secret', (get) => { get('TriggerAuthentication').spec.secretTargetRef[0].key = 'host'; }, 'has no host'],
  ['more rights for runtimes', (get) => { get('Permission', 'enclave-runtime').spec.permissions.write = '^enclave\\.'; },
    'it may write ^enclave\\.; docs/dispatch.md says ^enclave\\.(replies$'],
  ['rights of nobody', (get, copy) => { copy.manifests = copy.manifests.filter(
    ({ value }) => value.kind !== 'Permission' || value.metadata.name !== 'enclave-broker'); }, 'nobody says what enclave-broker may do'],
  ['rights for others', (get) => { get('Permission', 'enclave-keda').spec.permissions.read = '.*'; }, 'neither a broker nor a runtime'],
  ['a user that is not there', (get) => { get('Permission', 'enclave-broker').spec.userReference.name = 'other'; }, 'there is no user other'],
  ['another server', (get) => { get('Vhost').spec.rabbitmqClusterReference.name = 'other'; }, 'no RabbitmqCluster other'],
  ['another virtual host', (get) => { get('Policy').spec.vhost = '/'; }, 'no virtual host /'],
  ['a policy for no queue', (get) => { get('Policy').spec.pattern = '^runs'; }, 'for none of the queues'],
  ['two nodes', (get) => { get('RabbitmqCluster').spec.replicas = 2; }, '2 nodes keep no quorum'],
  ['queues in clear', (get) => { get('RabbitmqCluster').spec.tls.disableNonTLSListeners = false; }, 'RabbitmqCluster enclave-rabbitmq: passwords may cross'],
  ['messages of another size', (get) => { get('RabbitmqCluster').spec.rabbitmq.additionalConfig = 'max_message_size = 1000'; },
    'it takes messages of 1000 bytes'],
  ['pods that the namespace refuses', (get) => { delete get('RabbitmqCluster').spec.override.statefulSet.spec.template.spec.initContainers; },
    'refused by a namespace that is restricted'],
  ['brokers that are drained together', (get) => { get('PodDisruptionBudget',
    'enclave-broker').spec = { selector: get('PodDisruptionBudget', 'enclave-broker').spec.selector, minAvailable: 1 }; }, 'lets all but a few be drained'],
  ['a node that is killed early', (get) => { get('RabbitmqCluster').spec.terminationGracePeriodSeconds = 30; }, 'before its queues have another leader'],
  ['a server without a budget',
    (get) => { get('PodDisruptionBudget', 'enclave-rabbitmq').spec.selector.matchLabels = { 'app.kubernetes.io/name': 'enclave-broker' }; },
    'RabbitmqCluster enclave-rabbitmq: all of it may be drained'],
  ['a database without a budget', (get, copy) => { copy.components.find((each) => each.name === 'postgresql').manifests[0].value.spec.enablePDB = false; },
    'Cluster enclave-db: all of it may be drained'],
  ['one instance', (get) => { get('Cluster').spec.instances = 1; }, '1 instances'],
  ['one copy', (get) => { delete get('Cluster').spec.postgresql.synchronous; }, 'on one disk alone'],
  ['a database in clear', (get) => { get('Cluster').spec.postgresql.pg_hba.shift(); }, 'Cluster enclave-db: passwords may cross'],
  ['a superuser', (get) => { get('Cluster').spec.enableSuperuserAccess = true; }, 'a superuser with a password'],
  ['one role for both', (get) => { get('Cluster').spec.managed.roles[0].name = 'enclave_owner'; }, 'no role of their own'],
  ['a role that may all', (get) => { get('Cluster').spec.managed.roles[0].superuser = true; }, 'may more than a broker needs'],
  ['more brokers than connections', (get) => { get('HorizontalPodAutoscaler', 'enclave-broker').spec.maxReplicas = 15; }, '15 brokers have up to 300'],
  ['the owner among brokers', (get) => { main(get('Deployment', 'enclave-broker')).args.push('--store-owner-file', '/run/secrets/store/connection'); },
    'the migration alone needs it'],
  ['a pod that is killed while it drains', (get) => { spec(get('Deployment', 'enclave-runtime')).terminationGracePeriodSeconds = 10; },
    'it is killed after 10 s; it may take 80 s'],
  ['a longer pause before the drain', (get) => { main(get('Deployment', 'enclave-broker')).lifecycle.preStop.sleep.seconds = 20; },
    'it is killed after 90 s; it may take 100 s'],
  ['a longer drain', (get) => { const { args } = main(get('Deployment', 'enclave-broker')); args[args.indexOf('--drain-timeout') + 1] = '70'; },
    'it is killed after 90 s; it may take 98 s'],
  ['a restart for the server', (get) => { main(get('Deployment', 'enclave-runtime')).livenessProbe = { httpGet: { path: '/health', port: 'socket' } }; },
    'its livenessProbe restarts it'],
]) {
  test(`distributed: ${name}`, () => found(distributedProblems(broken(change)), words));
}

for (const [name, change, words] of [
  ['two autoscalers', (get, copy) => { copy.manifests.push(
    { file: 'x', value: { kind: 'HorizontalPodAutoscaler', metadata: { name: 'x' },
      spec: { ...get('HorizontalPodAutoscaler').spec, scaleTargetRef: get('ScaledObject').spec.scaleTargetRef } } }); }, 'another one scales enclave-runtime'],
  ['a target that is gone', (get) => { get('ScaledObject').spec.scaleTargetRef.kind = 'StatefulSet'; }, 'no StatefulSet enclave-runtime'],
  ['a query of no metric', (get) => { get('ScaledObject').spec.triggers[1].metadata.query = 'max(enclave_dispatch_age)'; },
    'enclave_dispatch_age is not a metric'],
  ['a secret that nobody makes', (get, copy) => { copy.components = copy.components.filter((each) => each.name !== 'postgresql'); },
    'the secret enclave-db-ca is in no example'],
  ['a password in an example', (get) => { get('Secret', 'enclave-store').stringData.password = 'x'; }, 'password has a value'],
]) {
  test(`agreement of the tier: ${name}`, () => found(agreementProblems(broken(change)), words));
}

for (const [name, change, words] of [
  ['no way in for brokers', (get) => { get('NetworkPolicy', 'enclave-db').spec.ingress[0].from.shift(); },
    'it leads to enclave-db at 5432, which does not let it in'],
  ['no way out for brokers', (get) => { get('NetworkPolicy', 'enclave-broker').spec.egress.pop(); },
    'enclave-broker may come in at 5432, and may not go there'],
  ['runtimes at the database', (get) => { get('NetworkPolicy', 'enclave-runtime').spec.egress[0] = get('NetworkPolicy', 'enclave-migrate').spec.egress[0]; },
    'runtimes reach others than the server of the queues'],
  ['the database for runtimes', (get) => { get('NetworkPolicy', 'enclave-db').spec.ingress[0].from.push(
    { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'enclave-runtime' } } }); }, 'enclave-runtime may come in, and has nothing to do there'],
  ['a port that is none', (get) => { get('NetworkPolicy', 'enclave-rabbitmq').spec.ingress[0].ports[0].port = 5672; }, 'its pods have no port 5672'],
  ['everybody at the queues', (get) => { delete get('NetworkPolicy', 'enclave-rabbitmq').spec.ingress[0].from; }, 'everybody may come in'],
  ['another namespace at the database', (get) => { get('NetworkPolicy',
    'enclave-db').spec.ingress[2].from[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'] = 'default'; }, 'the namespace default may come in'],
  ['any namespace at the database', (get) => { get('NetworkPolicy', 'enclave-db').spec.ingress[2].from[0].namespaceSelector = {}; },
    'the namespace of anybody may come in'],
  ['figures that work', (get) => { get('NetworkPolicy', 'enclave-db').spec.ingress[3].ports[0].port = 5432; }, 'whoever reads figures may work with it'],
  ['a way out to all', (get) => { get('NetworkPolicy', 'enclave-db').spec.egress[2].ports.push({ port: 80 }); }, 'it may go everywhere'],
  ['a way to another namespace', (get) => { get('NetworkPolicy', 'enclave-broker').spec.egress[1].ports.push({ port: 80 }); },
    'it may go to another namespace'],
  ['a pod without a policy', (get, copy) => { copy.manifests = copy.manifests.filter(
    ({ value }) => value.metadata.name !== 'enclave-migrate' || value.kind !== 'NetworkPolicy'); }, 'no policy lets anything to it'],
]) {
  test(`network: ${name}`, () => found(networkProblems(broken(change)), words));
}

test('schemas of operators: members and values that are none', async () => {
  const { manifests } = broken((get) => {
    get('Cluster').spec.instances = 'three';
    delete get('ScaledObject').spec.triggers;
    get('User').spec.tag = 'x';
    get('Policy').spec.applyTo = 'streams';
    get('RabbitmqCluster').spec.tls.secretname = 'x';
    get('Vhost').kind = 'Vhosts';
  });
  const all = await schemaProblems(manifests);

  for (const words of ['Cluster enclave-db: data/spec/instances', 'ScaledObject enclave-runtime', "('tag')", '/spec/applyTo', "('secretname')",
    'no Vhosts that is known']) found(all, words);
});

test('types of operators: members that are none', () => {
  const { manifests } = broken((get) => {
    get('Cluster').spec.postgres = {};
    get('ScaledObject').spec.maxReplicas = 3;
  });
  const all = typeProblems(manifests, dirname(fileURLToPath(import.meta.url)));

  for (const words of ['"postgres"', '"maxReplicas"']) found(all, words);
});

const kustomize = spawnSync('kubectl', ['version', '--client']).status === 0;
test('kustomize puts together what is judged here', { skip: kustomize ? false : 'kubectl is missing' }, () => {
  const text = execFileSync('kubectl', ['kustomize', join(root, 'deploy', 'kubernetes-distributed')], { encoding: 'utf8' });
  const theirs = parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()), name = ({ kind, metadata }) => `${kind} ${metadata.name}`;
  const ours = tier.manifests.map(({ value }) => structuredClone(value));
  for (const value of ours) if (value.kind !== 'Namespace') value.metadata.namespace = 'enclave';

  assert.deepEqual(Object.fromEntries(ours.map((value) => [name(value), value])), Object.fromEntries(theirs.map((value) => [name(value), value])));
});
