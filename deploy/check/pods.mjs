// The pods of the namespace: workloads of the manifests, and the servers that operators create.
export const matches = (selector, labels) => Object.entries(selector?.matchLabels ?? selector ?? {}).every(([name, value]) => labels?.[name] === value);

export const isEmpty = (selector) => Object.keys(selector?.matchLabels ?? selector ?? {}).length === 0;

export const podOf = (workload) => workload.value.spec.template;

export const container = (workload) => podOf(workload).spec.containers[0];

/** The value after an option of a container's command line. Undefined without the option. */
export const argument = (workload, option) =>
  (container(workload).args.includes(option) ? container(workload).args[container(workload).args.indexOf(option) + 1] : undefined);

/** Deployments, stateful sets and jobs. */
export const workloadsOf = (manifests) => manifests.filter(({ value }) => ['StatefulSet', 'Deployment', 'Job'].includes(value.kind));

/** An operator's cluster, as others see it: the labels and ports of its pods, and the secrets that it creates. From the operators' documentation. */
export function serversOf(parts) {
  return parts.components.flatMap(({ manifests }) => manifests).flatMap((manifest) => {
    const { kind, metadata: { name }, spec } = manifest.value, common = { manifest, kind };
    if (kind === 'Cluster') {
      const labels = { 'cnpg.io/cluster': name }, secrets = { [`${name}-ca`]: ['ca.crt'] };
      return [{ ...common, labels, secrets, ports: [5432, 8000, 9187], door: 5432, operators: ['cnpg-system'], budget: spec.enablePDB !== false }];
    }

    if (kind === 'RabbitmqCluster') {
      const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'rabbitmq' };
      return [
        { ...common, labels, secrets: {}, ports: [5671, 15671, 15691, 4369, 25672, 35672], door: 5671, operators: ['rabbitmq-system', 'keda'], budget: false }];
    }

    return [];
  });
}

/** All pods of the namespace, with their labels and ports. */
export function everybody(parts, manifests) {
  return [
    ...workloadsOf(manifests).map((workload) => (
      { name: workload.value.metadata.name, labels: podOf(workload).metadata.labels,
        ports: (container(workload).ports ?? []).map(({ containerPort }) => containerPort), workload })),
    ...serversOf(parts).map((server) => ({ name: server.manifest.value.metadata.name, labels: server.labels, ports: server.ports, server })),
  ];
}

export const chosen = (all, selector) => all.filter(({ labels }) => !isEmpty(selector) && matches(selector, labels));
