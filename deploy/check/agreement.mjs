// Whether the manifests agree with each other: what one names is what another one has.
import { nameOf } from './kubernetes.mjs';

const matches = (selector, labels) => Object.entries(selector?.matchLabels ?? selector ?? {}).every(([name, value]) => labels?.[name] === value);
const isEmpty = (selector) => Object.keys(selector?.matchLabels ?? selector ?? {}).length === 0;

export function agreementProblems({ kustomization, manifests, profiles, apparmor, version, metrics }, { baseline = false } = {}) {
  const problems = [], all = (kind) => manifests.filter(({ value }) => value.kind === kind);
  const say = (manifest, text) => problems.push(`${nameOf(manifest)}: ${text}`);
  const workloads = [...all('StatefulSet'), ...all('Deployment')];
  const podOf = (workload) => workload.value.spec.template, container = (workload) => podOf(workload).spec.containers[0];
  const portsOf = (workload) => container(workload).ports ?? [];
  const chosen = (selector) => workloads.filter((workload) => !isEmpty(selector) && matches(selector, podOf(workload).metadata.labels));

  const listed = kustomization.resources.toSorted(), there = [...new Set(manifests.map(({ file }) => file))].filter((file) => file !== 'secret.example.yaml').toSorted();
  if (listed.join() !== there.join()) problems.push(`kustomization.yaml: lists ${listed}; there are ${there}`);
  for (const { name, newTag } of kustomization.images) {
    if (newTag !== version) problems.push(`kustomization.yaml: ${name} is ${newTag}; the version is ${version}`);
    if (!workloads.some((workload) => container(workload).image === `${name}:${version}`)) problems.push(`kustomization.yaml: nothing runs ${name}:${version}`);
  }

  const example = all('Secret')[0];
  for (const [key, value] of Object.entries(example.value.stringData)) if (value !== '') say(example, `${key} has a value`);
  if (example.value.data) say(example, 'it has values');

  for (const workload of workloads) {
    const { metadata, spec } = podOf(workload), main = container(workload), security = { ...spec.securityContext };
    if (!matches(workload.value.spec.selector, metadata.labels)) say(workload, 'its selector does not choose its own pods');
    if (spec.automountServiceAccountToken !== false) say(workload, 'it gets a token of the cluster');
    // The restricted profile of pod security; a component may ask for the baseline.
    if (!baseline && (security.runAsNonRoot !== true || !(security.runAsUser > 0))) say(workload, 'it may run as root');
    if (main.securityContext?.allowPrivilegeEscalation !== false) say(workload, 'it may gain privileges');
    if (main.securityContext?.readOnlyRootFilesystem !== true) say(workload, 'it may write its root file system');
    const { drop = [], add = [] } = main.securityContext?.capabilities ?? {};
    if (drop.join() !== 'ALL' || add.some((one) => !baseline || !['SETUID', 'SETGID', 'KILL'].includes(one))) say(workload, `capabilities: drop ${drop}, add ${add}`);
    for (const flag of ['privileged']) if (main.securityContext?.[flag]) say(workload, `${flag}`);
    for (const flag of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[flag]) say(workload, `${flag}`);
    const seccomp = security.seccompProfile ?? {};
    if (seccomp.type === 'Localhost' ? !profiles.includes(seccomp.localhostProfile) : seccomp.type !== 'RuntimeDefault') say(workload, `seccomp: ${seccomp.type} ${seccomp.localhostProfile ?? ''}`);
    const armour = security.appArmorProfile;
    if (armour && !(armour.type === 'Localhost' && apparmor.includes(armour.localhostProfile))) say(workload, `AppArmor: ${armour.type} ${armour.localhostProfile ?? ''}`);
    for (const side of ['requests', 'limits']) for (const resource of ['cpu', 'memory']) if (!main.resources?.[side]?.[resource]) say(workload, `no ${side} of ${resource}`);
    for (const kind of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const probe = main[kind];
      if (!probe) say(workload, `no ${kind}`);
      const port = (probe?.httpGet ?? probe?.tcpSocket)?.port;
      if (probe && !portsOf(workload).some(({ name }) => name === port)) say(workload, `${kind} asks the port ${port}, which it has not`);
      if (probe?.httpGet && probe.httpGet.path !== '/health') say(workload, `${kind} asks ${probe.httpGet.path}`);
    }

    for (const { name, mountPath } of main.volumeMounts ?? []) {
      const secret = (spec.volumes ?? []).find((volume) => volume.name === name)?.secret;
      if (!secret) say(workload, `the volume ${name} is no secret`);
      if (secret && secret.secretName !== example.value.metadata.name) say(workload, `the secret ${secret.secretName} is not the one of secret.example.yaml`);
      for (const { key } of secret?.items ?? []) if (!(key in example.value.stringData)) say(workload, `the secret has no ${key}`);
      for (const word of main.args.filter((argument) => argument.startsWith(`${mountPath}/`))) {
        if (!(secret?.items ?? []).some(({ path }) => `${mountPath}/${path}` === word)) say(workload, `${word} is not in its volumes`);
      }
    }

    for (const word of main.args.filter((argument) => argument.startsWith('/run/'))) {
      if (!(main.volumeMounts ?? []).some(({ mountPath }) => word.startsWith(`${mountPath}/`))) say(workload, `${word} is in no volume`);
    }

    const port = Number(main.args[main.args.indexOf('--port') + 1]);
    if (!portsOf(workload).some(({ containerPort }) => containerPort === port)) say(workload, `it listens on ${port}, and names no such port`);
    const scraped = metadata.annotations?.['prometheus.io/port'], shown = main.args.includes('--metrics-port') ? main.args[main.args.indexOf('--metrics-port') + 1] : undefined;
    if (scraped !== shown) say(workload, `figures are at ${shown}, and looked for at ${scraped}`);
  }

  for (const service of all('Service')) {
    const [workload] = chosen(service.value.spec.selector);
    if (!workload) say(service, 'it chooses no pods');
    for (const { targetPort, port } of service.value.spec.ports) {
      if (workload && !portsOf(workload).some(({ name, containerPort }) => name === targetPort && containerPort === port)) say(service, `${targetPort} is not the port ${port} of its pods`);
    }
  }

  for (const budget of all('PodDisruptionBudget')) if (chosen(budget.value.spec.selector).length !== 1) say(budget, 'it chooses no pods');
  scaling({ all, workloads, container, say, metrics });
  network({ all, chosen, portsOf, say, workloads });
  return problems;
}

/** The autoscaler, and the broker's list of what it may make. */
function scaling({ all, workloads, container, say, metrics }) {
  const runtimes = all('StatefulSet')[0], service = all('Service').find(({ value }) => value.metadata.name === runtimes.value.spec.serviceName);
  if (service?.value.spec.clusterIP !== 'None') say(runtimes, 'its service gives its pods no names');
  for (const scaler of all('HorizontalPodAutoscaler')) {
    const { scaleTargetRef: target, minReplicas, maxReplicas, metrics: measured } = scaler.value.spec;
    if (!workloads.some(({ value }) => value.kind === target.kind && value.apiVersion === target.apiVersion && value.metadata.name === target.name)) say(scaler, `there is no ${target.kind} ${target.name}`);
    if (minReplicas > maxReplicas) say(scaler, 'the least is above the most');
    for (const { pods } of measured.filter(({ type }) => type === 'Pods')) if (!metrics.includes(pods.metric.name)) say(scaler, `${pods.metric.name} is no metric of docs/telemetry.md`);
    const broker = all('Deployment')[0], { args } = container(runtimes), port = args[args.indexOf('--port') + 1];
    const wanted = Array.from({ length: maxReplicas }, (_, i) => `ws://${runtimes.value.metadata.name}-${i}.${runtimes.value.spec.serviceName}:${port}`);
    const named = (container(broker).env.find(({ name }) => name === 'RUNTIME_URL')?.value ?? '').split(',').map((address) => address.trim());
    if (named.toSorted().join() !== wanted.toSorted().join()) say(broker, `RUNTIME_URL is ${named}; there may be ${wanted}`);
    if (runtimes.value.spec.replicas !== undefined) say(runtimes, 'it has a number of its own beside the autoscaler');
  }
}

/** Runtimes are reached by brokers, and reach nobody. */
function network({ all, chosen, portsOf, say }) {
  const policies = all('NetworkPolicy');
  if (!policies.some(({ value: { spec } }) => isEmpty(spec.podSelector) && !spec.ingress && !spec.egress && spec.policyTypes.toSorted().join() === 'Egress,Ingress')) say({ file: 'network.yaml', value: { kind: 'NetworkPolicy', metadata: { name: '-' } } }, 'nothing is refused by default');
  for (const policy of policies.filter(({ value }) => !isEmpty(value.spec.podSelector))) {
    const { podSelector, policyTypes, ingress = [], egress = [] } = policy.value.spec, [workload] = chosen(podSelector);
    if (!workload) {
      say(policy, 'it chooses no pods');
      continue;
    }

    if (policyTypes.toSorted().join() !== 'Egress,Ingress') say(policy, 'it leaves a direction open');
    for (const { ports = [] } of ingress) for (const { port } of ports) if (!portsOf(workload).some(({ containerPort }) => containerPort === port)) say(policy, `its pods have no port ${port}`);
    for (const { to = [], ports = [] } of egress) {
      for (const { podSelector: other, namespaceSelector } of to) {
        if (namespaceSelector) continue;
        const [peer] = chosen(other);
        if (!peer || ports.some(({ port }) => !portsOf(peer).some(({ containerPort }) => containerPort === port))) say(policy, 'it leads to pods or ports that are not there');
      }
    }

    if (workload.value.kind !== 'StatefulSet') continue;
    if (egress.length > 0) say(policy, 'runtimes reach out');
    for (const { from = [], ports = [] } of ingress) {
      const isFigures = ports.length === 1 && ports[0].port === portsOf(workload).find(({ name }) => name === 'metrics')?.containerPort;
      const isBroker = from.length === 1 && !from[0].namespaceSelector && chosen(from[0].podSelector)[0]?.value.kind === 'Deployment';
      if (from.length === 0 || !(isBroker || isFigures)) say(policy, 'others than brokers reach runtimes');
    }
  }
}
