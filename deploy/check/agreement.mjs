// Checks that the manifests agree with each other: every name in one exists in another.
import { nameOf } from './kubernetes.mjs';
import { networkProblems } from './network.mjs';
import { argument, chosen, container, everybody, matches, podOf, serversOf, workloadsOf } from './pods.mjs';

export function agreementProblems(parts, { baseline = false } = {}) {
  const { manifests, examples, profiles, apparmor, version } = parts, problems = [], all = (kind) => manifests.filter(({ value }) => value.kind === kind);
  const say = (manifest, text) => problems.push(`${nameOf(manifest)}: ${text}`);
  const workloads = workloadsOf(manifests), people = everybody(parts, manifests), portsOf = (workload) => container(workload).ports ?? [];
  const secrets = secretsOf(parts);

  for (const example of examples) {
    for (const [key, value] of Object.entries(example.value.stringData)) if (value !== '') say(example, `${key} has a value`);
    if (example.value.data) say(example, 'it has values');
  }

  for (const workload of workloads) {
    const { metadata, spec } = podOf(workload), main = container(workload), security = { ...spec.securityContext }, isJob = workload.value.kind === 'Job';
    if (!isJob && !matches(workload.value.spec.selector, metadata.labels)) say(workload, 'its selector does not choose its own pods');
    for (const { labelSelector } of spec.topologySpreadConstraints ?? [])
      if (!matches(labelSelector, metadata.labels)) say(workload, 'it is spread by the labels of others');
    if (!isJob && !spec.topologySpreadConstraints) say(workload, 'its pods may all lie on one machine');
    if (spec.automountServiceAccountToken !== false) say(workload, 'it gets a token of the cluster');
    if (!['enclave-runtime', 'enclave-broker'].some((image) => main.image === `${image}:${version}`))
      say(workload, `it runs ${main.image}; the version is ${version}`);
    // The restricted profile of pod security; a component may ask for the baseline.
    if (!baseline && (security.runAsNonRoot !== true || !(security.runAsUser > 0))) say(workload, 'it may run as root');
    if (main.securityContext?.allowPrivilegeEscalation !== false) say(workload, 'it may gain privileges');
    if (main.securityContext?.readOnlyRootFilesystem !== true) say(workload, 'it may write its root file system');
    const { drop = [], add = [] } = main.securityContext?.capabilities ?? {};
    if (drop.join() !== 'ALL' || add.some((one) => !baseline || !['SETUID', 'SETGID', 'KILL'].includes(one)))
      say(workload, `capabilities: drop ${drop}, add ${add}`);
    for (const flag of ['privileged']) if (main.securityContext?.[flag]) say(workload, `${flag}`);
    for (const flag of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[flag]) say(workload, `${flag}`);
    const seccomp = security.seccompProfile ?? {};
    if (seccomp.type === 'Localhost' ? !profiles.includes(seccomp.localhostProfile) : seccomp.type !== 'RuntimeDefault')
      say(workload, `seccomp: ${seccomp.type} ${seccomp.localhostProfile ?? ''}`);
    const armour = security.appArmorProfile;
    if (armour && !(armour.type === 'Localhost' && apparmor.includes(armour.localhostProfile)))
      say(workload, `AppArmor: ${armour.type} ${armour.localhostProfile ?? ''}`);
    for (const side of ['requests', 'limits'])
      for (const resource of ['cpu', 'memory']) if (!main.resources?.[side]?.[resource]) say(workload, `no ${side} of ${resource}`);
    for (const kind of isJob ? [] : ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const probe = main[kind];
      if (!probe) say(workload, `no ${kind}`);
      const port = (probe?.httpGet ?? probe?.tcpSocket)?.port;
      if (probe && !portsOf(workload).some(({ name }) => name === port)) say(workload, `${kind} asks the port ${port}, which it has not`);
      // Only readiness may check other servers: restarting a process does not repair them.
      const paths = kind === 'readinessProbe' ? ['/health', '/health/ready'] : ['/health/live'];
      if (probe?.httpGet && !paths.includes(probe.httpGet.path)) say(workload, `${kind} asks ${probe.httpGet.path}`);
    }

    files(workload);
    if (isJob) continue;
    const port = Number(argument(workload, '--port'));
    if (!portsOf(workload).some(({ containerPort }) => containerPort === port)) say(workload, `it listens on ${port}, and names no such port`);
    const scraped = metadata.annotations?.['prometheus.io/port'], shown = argument(workload, '--metrics-port');
    if (scraped !== shown) say(workload, `figures are at ${shown}, and looked for at ${scraped}`);
  }

  for (const service of all('Service')) {
    const workload = chosen(people, service.value.spec.selector)[0]?.workload;
    if (!workload) say(service, 'it chooses no pods');
    for (const { targetPort, port } of service.value.spec.ports) {
      if (workload && !portsOf(workload).some(({ name, containerPort }) => name === targetPort && containerPort === port))
        say(service, `${targetPort} is not the port ${port} of its pods`);
    }
  }

  for (const budget of all('PodDisruptionBudget')) if (chosen(people, budget.value.spec.selector).length !== 1) say(budget, 'it chooses no pods');
  for (const workload of workloads.filter(({ value }) => value.kind !== 'Job')) {
    if (!all('PodDisruptionBudget').some(({ value }) => matches(value.spec.selector, podOf(workload).metadata.labels)))
      say(workload, 'all of it may be drained at once: it has no disruption budget');
  }

  scaling({ parts, all, workloads, say });
  problems.push(...networkProblems(parts));
  return problems;

  /** Every file that a command line names is in a volume, and every volume comes from a secret that somebody creates. */
  function files(workload) {
    const { spec } = podOf(workload), main = container(workload);
    for (const { name, mountPath, readOnly } of main.volumeMounts ?? []) {
      const secret = (spec.volumes ?? []).find((volume) => volume.name === name)?.secret;
      if (!secret) say(workload, `the volume ${name} is not a secret`);
      if (!readOnly) say(workload, `the volume ${name} may be written`);
      if (secret && !secrets[secret.secretName]) say(workload, `the secret ${secret.secretName} is in no example, and nobody makes it`);
      for (const { key } of secret?.items ?? [])
        if (secrets[secret.secretName] && !secrets[secret.secretName].includes(key)) say(workload, `the secret ${secret.secretName} has no ${key}`);
      for (const word of main.args.filter((argument) => argument.startsWith(`${mountPath}/`))) {
        if (!(secret?.items ?? []).some(({ path }) => `${mountPath}/${path}` === word)) say(workload, `${word} is not in its volumes`);
      }
    }

    for (const volume of spec.volumes ?? [])
      if (!(main.volumeMounts ?? []).some(({ name }) => name === volume.name)) say(workload, `the volume ${volume.name} is mounted nowhere`);
    for (const word of main.args.filter((argument) => argument.startsWith('/run/'))) {
      if (!(main.volumeMounts ?? []).some(({ mountPath }) => word.startsWith(`${mountPath}/`))) say(workload, `${word} is in no volume`);
    }
  }
}

/** Compares the base's list of files, images and versions with the folder. */
export function listProblems({ kustomization, distributed, manifests, version }) {
  const problems = [];
  const listed = kustomization.resources.toSorted(), there = [...new Set(manifests.map(({ file }) => file))].toSorted();
  if (listed.join() !== there.join()) problems.push(`kustomization.yaml: lists ${listed}; there are ${there}`);
  for (const [file, { images }] of [['kustomization.yaml', kustomization], ['kubernetes-distributed/kustomization.yaml', distributed]]) {
    for (const { name, newTag } of images) {
      if (newTag !== version) problems.push(`${file}: ${name} is ${newTag}; the version is ${version}`);
      if (!workloadsOf(manifests).some((workload) => container(workload).image === `${name}:${version}`))
        problems.push(`${file}: nothing runs ${name}:${version}`);
    }
  }

  return problems;
}

/** Every secret that may exist, with its keys: those of the examples, and those that operators create. */
export const secretsOf = (parts) => Object.assign(
  {}, ...parts.examples.map(({ value }) => ({ [value.metadata.name]: Object.keys(value.stringData) })), ...serversOf(parts).map(({ secrets }) => secrets));

/** Checks the autoscalers, and the broker's list of the runtimes that one may create. */
function scaling({ parts, all, workloads, say }) {
  const plain = all('HorizontalPodAutoscaler').map((manifest) => {
    const { scaleTargetRef: target, minReplicas: least, maxReplicas: most, metrics } = manifest.value.spec;
    return { manifest, target, least, most, names: metrics.flatMap(({ pods }) => (pods ? [pods.metric.name] : [])) };
  });
  const byEvents = all('ScaledObject').map((manifest) => {
    const { scaleTargetRef: target, minReplicaCount: least, maxReplicaCount: most, triggers } = manifest.value.spec;
    return { manifest, target, least, most, names: triggers.flatMap(({ metadata }) => metadata.query?.match(/\benclave_\w+/g) ?? []) };
  });
  const scalers = [...plain, ...byEvents];
  for (const { manifest, target, least, most, names } of scalers) {
    const workload = workloads.find(({ value }) => value.kind === target.kind && value.apiVersion === target.apiVersion && value.metadata.name === target.name);
    if (!workload) say(manifest, `there is no ${target.kind} ${target.name}`);
    if (least > most) say(manifest, 'the least is above the most');
    for (const name of names) if (!parts.metrics.includes(name)) say(manifest, `${name} is not a metric of docs/telemetry.md`);
    if (workload && workload.value.spec.replicas !== undefined) say(workload, 'it has a number of its own beside the autoscaler');
    if (workload && all('HorizontalPodAutoscaler').includes(manifest) && names.length > 0 && !argument(workload, '--metrics-port'))
      say(manifest, `${names} is shown by none of its pods`);
    if (scalers.some((other) => other.manifest !== manifest && other.target.kind === target.kind && other.target.name === target.name))
      say(manifest, `another one scales ${target.name}, too`);
  }

  const [runtimes] = all('StatefulSet');
  if (!runtimes) return;
  const service = all('Service').find(({ value }) => value.metadata.name === runtimes.value.spec.serviceName);
  if (service?.value.spec.clusterIP !== 'None') say(runtimes, 'its service gives its pods no names');
  const broker = all('Deployment')[0], port = argument(runtimes, '--port'),
    most = scalers.find(({ target }) => target.name === runtimes.value.metadata.name)?.most;
  const wanted = Array.from({ length: most }, (_, i) => `ws://${runtimes.value.metadata.name}-${i}.${runtimes.value.spec.serviceName}:${port}`);
  const named = (container(broker).env.find(({ name }) => name === 'RUNTIME_URL')?.value ?? '').split(',').map((address) => address.trim());
  if (named.toSorted().join() !== wanted.toSorted().join()) say(broker, `RUNTIME_URL is ${named}; there may be ${wanted}`);
}
