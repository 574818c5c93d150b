// Checks that brokers, runtimes, queues and the store fit each other and the product: names of queues, rights, roles, numbers, and how a pod ends.
import { secretsOf } from './agreement.mjs';
import { nameOf } from './kubernetes.mjs';
import { argument, chosen, container, podOf, serversOf, workloadsOf } from './pods.mjs';

/** The seconds that the process itself needs after its drain. */
const margin = 5;

export function distributedProblems(parts) {
  const { manifests, product } = parts, problems = [], all = (kind) => manifests.filter(({ value }) => value.kind === kind);
  const say = (manifest, text) => problems.push(`${nameOf(manifest)}: ${text}`), workloads = workloadsOf(manifests), secrets = secretsOf(parts);
  const runtime = workloads.find((workload) => container(workload).args[0] === 'runtime'), broker = workloads.find(
    (workload) => container(workload).args[0] === 'serve');
  const has = (manifest, secret, keys) => {
    for (const key of keys) if (!secrets[secret]?.includes(key)) say(manifest, `the secret ${secret} has no ${key} in its example`);
  };

  for (const workload of workloads) {
    const { spec } = podOf(workload), { args, lifecycle, startupProbe, livenessProbe } = container(workload), drain = product.drain[args[0]];
    if (drain !== undefined) {
      const sessions = Number(argument(workload, '--drain-timeout') ?? drain.sessions), stop = Math.max(
        Math.ceil(sessions / drain.share), sessions + drain.forReaders);
      const needed = (lifecycle?.preStop?.sleep?.seconds ?? 0) + stop + drain.more + margin, given = spec.terminationGracePeriodSeconds ?? 30;
      if (given < needed) say(workload, `it is killed after ${given} s; it may take ${needed} s to end`);
    }

    const budget = all('PodDisruptionBudget')
      .find(({ value }) => value.spec.selector.matchLabels['app.kubernetes.io/name'] === podOf(workload).metadata.labels['app.kubernetes.io/name']);
    if (args.includes('--store-file') && budget && budget.value.spec.maxUnavailable === undefined)
      say(budget, 'however many there are, it lets all but a few be drained at once');

    // The server recovers by itself. A thousand pods that restart at that moment would not help.
    if (args.includes('--queue-file') || args.includes('--store-file')) {
      for (const [name, probe] of Object.entries({ startupProbe, livenessProbe }))
        if (probe?.httpGet && probe.httpGet.path !== '/health/live') say(workload, `its ${name} restarts it for a server that is away`);
    }

    if (args[0] !== 'migrate' && args.includes('--store-owner-file')) say(workload, 'it has the owner\'s password: the migration alone needs it');
  }

  const lanes = runtime ? (classesOf(runtime).map((each) => `${product.prefix}.runs.${argument(runtime, '--level') ?? 'secure'}.${each}`)) : [];
  if (broker && runtime && argument(broker, '--queue-file') && (argument(broker, '--level') ?? 'standard') !== (argument(runtime, '--level') ?? 'secure'))
    say(broker, 'it puts sessions into queues of a level that no runtime has');
  if (Boolean(broker && argument(broker, '--queue-file')) !== Boolean(runtime && argument(runtime, '--queue-file')))
    say(broker, 'brokers and runtimes do not both use queues');
  for (const scaled of all('ScaledObject')) {
    for (const { type, metadata, authenticationRef } of scaled.value.spec.triggers) {
      if (type === 'rabbitmq' && !lanes.includes(metadata.queueName)) say(scaled, `it counts ${metadata.queueName}; runtimes take from ${lanes}`);
      const access = all('TriggerAuthentication').find(({ value }) => value.metadata.name === authenticationRef?.name);
      if (type === 'rabbitmq' && !access) say(scaled, `there is no TriggerAuthentication ${authenticationRef?.name}`);
    }
  }

  for (const access of all('TriggerAuthentication')) for (const { name, key } of access.value.spec.secretTargetRef ?? []) has(access, name, [key]);

  rabbitmq();
  postgresql();
  return problems;

  function rabbitmq() {
    const clusters = all('RabbitmqCluster').map(({ value }) => value.metadata.name), vhosts = all('Vhost').map(({ value }) => value.spec.name);
    for (const kind of ['Vhost', 'User', 'Permission', 'Policy']) {
      for (const manifest of all(kind)) {
        const { rabbitmqClusterReference, vhost, importCredentialsSecret } = manifest.value.spec;
        if (clusters.length > 0 && !clusters.includes(rabbitmqClusterReference?.name))
          say(manifest, `there is no RabbitmqCluster ${rabbitmqClusterReference?.name}`);
        if (vhosts.length > 0 && vhost !== undefined && !vhosts.includes(vhost)) say(manifest, `there is no virtual host ${vhost}`);
        if (importCredentialsSecret) has(manifest, importCredentialsSecret.name, ['username', 'password']);
      }
    }

    for (const [who, wanted] of Object.entries(product.permissions)) {
      const user = `enclave-${who}`, given = all('Permission').find(({ value }) => value.spec.userReference?.name === user);
      if (clusters.length === 0) continue;
      if (!given) problems.push(`components/rabbitmq: nobody says what ${user} may do`);
      for (const [right, pattern] of Object.entries(wanted)) if (given && given.value.spec.permissions[right] !== pattern) say(
        given, `it may ${right} ${given.value.spec.permissions[right]}; docs/dispatch.md says ${pattern}`);
    }

    for (const permission of all('Permission')) {
      const user = permission.value.spec.userReference?.name;
      if (!all('User').some(({ value }) => value.metadata.name === user)) say(permission, `there is no user ${user}`);
      if (!Object.keys(product.permissions).some((who) => user === `enclave-${who}`)
        && Object.values(permission.value.spec.permissions).some((pattern) => pattern !== '^$'))
        say(permission, 'it gives rights to somebody who is neither a broker nor a runtime');
    }

    for (const policy of all('Policy'))
      if (lanes.length > 0 && !lanes.some((lane) => new RegExp(policy.value.spec.pattern).test(lane))) say(policy, `it is for none of the queues ${lanes}`);
    for (const cluster of all('RabbitmqCluster')) {
      const { replicas, tls, rabbitmq, override, terminationGracePeriodSeconds } = cluster.value.spec, size = Number(
        /^max_message_size = (\d+)$/m.exec(rabbitmq?.additionalConfig ?? '')?.[1]);
      if (replicas < 3 || replicas % 2 === 0) say(cluster, `${replicas} nodes keep no quorum when one is lost`);
      if (!tls?.disableNonTLSListeners) say(cluster, 'passwords may cross the network in clear');
      if (size !== product.maxMessageBytes) say(cluster, `it takes messages of ${size} bytes; brokers and runtimes send up to ${product.maxMessageBytes}`);
      if (tls) has(cluster, tls.secretName, ['tls.crt', 'tls.key', 'ca.crt']);
      if (!isRestricted(override?.statefulSet?.spec?.template?.spec)) say(cluster, 'its pods are refused by a namespace that is restricted');
      if (terminationGracePeriodSeconds !== undefined && terminationGracePeriodSeconds < 600)
        say(cluster, 'a node may be killed before its queues have another leader');
    }
  }

  function postgresql() {
    for (const cluster of all('Cluster')) {
      const { instances, bootstrap, managed, postgresql: settings, enableSuperuserAccess } = cluster.value.spec, owner = bootstrap?.initdb?.owner,
        roles = managed?.roles ?? [];
      if (instances < 3) say(cluster, `${instances} instances leave none to agree when one is lost`);
      if (!(settings?.synchronous?.number > 0)) say(cluster, 'what a client was told may be on one disk alone');
      if (!(settings?.pg_hba ?? [])[0]?.startsWith('hostnossl all all all reject')) say(cluster, 'passwords may cross the network in clear');
      if (enableSuperuserAccess !== false) say(cluster, 'there is a superuser with a password');
      if (bootstrap?.initdb?.secret) has(cluster, bootstrap.initdb.secret.name, ['username', 'password', 'connection']);
      if (roles.length === 0 || roles.some(({ name }) => name === owner)) say(cluster, 'brokers have no role of their own beside the owner');
      for (const { name, superuser, createrole, createdb, passwordSecret } of roles) {
        if (superuser || createrole || createdb) say(cluster, `${name} may more than a broker needs`);
        if (passwordSecret) has(cluster, passwordSecret.name, ['username', 'password', 'connection']);
      }

      const most = all('HorizontalPodAutoscaler').find(({ value }) => value.spec.scaleTargetRef.name === broker?.value.metadata.name)?.value.spec.maxReplicas
        ?? broker?.value.spec.replicas;
      const needed = most * product.storeConnections, connections = Number(settings?.parameters?.max_connections);
      if (broker && argument(broker, '--store-file') && !(connections > needed))
        say(cluster, `it takes ${connections} connections; ${most} brokers have up to ${needed}`);
    }

    for (const { manifest, labels, budget } of serversOf(parts).filter(({ manifest }) => manifests.some(({ value }) => value.kind === manifest.value.kind))) {
      if (!budget && !all('PodDisruptionBudget').some(({ value }) => chosen([{ labels }], value.spec.selector).length > 0))
        say(manifest, 'all of it may be drained at once: it has no disruption budget');
    }
  }
}

/** The fields that pod security's restricted profile requires. RabbitMQ's operator sets none of them. */
function isRestricted(pods) {
  const isSafe = ({ securityContext: { allowPrivilegeEscalation, capabilities } = {} }) =>
    allowPrivilegeEscalation === false && capabilities?.drop?.join() === 'ALL' && !capabilities.add;
  const named = (list, name) => list?.some((each) => each.name === name && isSafe(each));
  return pods?.securityContext?.runAsNonRoot === true && pods.securityContext.seccompProfile?.type === 'RuntimeDefault' && named(pods.containers, 'rabbitmq')
    && named(pods.initContainers, 'setup-container');
}

function classesOf(runtime) {
  const { args } = container(runtime), named = args.flatMap((word, i) => (word === '--trust-class' ? [args[i + 1]] : []));
  return named.length > 0 ? named : ['default'];
}
