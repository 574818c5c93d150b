// Checks the network policies: nothing is allowed by default, and if one pod may send to another, that one may receive.
import { nameOf } from './kubernetes.mjs';
import { chosen, container, everybody, isEmpty } from './pods.mjs';

/** DNS and the cluster's API: they are outside of the namespace and not checked here. */
const names = [53], api = [443, 6443];

export function networkProblems(parts) {
  const policies = parts.manifests.filter(({ value }) => value.kind === 'NetworkPolicy'), people = everybody(parts, parts.manifests), problems = [];
  const say = (policy, text) =>
    problems.push(`${nameOf(policy)}: ${text}`), of = (who) => policies.filter(({ value }) => chosen([who], value.spec.podSelector).length > 0);
  if (!policies.some(({ value: { spec } }) => isEmpty(spec.podSelector) && !spec.ingress && !spec.egress
    && spec.policyTypes.toSorted().join() === 'Egress,Ingress')) problems.push('network.yaml: NetworkPolicy -: nothing is refused by default');
  for (const who of people.filter(({ workload }) => workload))
    if (of(who).length === 0) problems.push(`${nameOf(who.workload)}: no policy lets anything to it or from it`);
  for (const policy of policies.filter(({ value }) => !isEmpty(value.spec.podSelector))) {
    const { podSelector, policyTypes, ingress = [], egress = [] } = policy.value.spec, [who] = chosen(people, podSelector);
    if (!who) {
      say(policy, 'it chooses no pods');
      continue;
    }

    if (policyTypes.toSorted().join() !== 'Egress,Ingress') say(policy, 'it leaves a direction open');
    for (const { from, ports = [] } of ingress) {
      for (const { port } of ports) if (!who.ports.includes(port)) say(policy, `its pods have no port ${port}`);
      if (from === undefined && who.name !== 'enclave-broker') say(policy, 'everybody may come in');
      // A pod that may receive but whose partner may not send, or the reverse, shows a forgotten rule.
      for (const { other, port } of pairs(people, from, ports))
        if (of(other).length > 0 && !goes(of(other), who, port)) say(policy, `${other.name} may come in at ${port}, and may not go there`);
    }

    for (const { to, ports = [] } of egress) {
      if (to === undefined && !ports.every(({ port }) => api.includes(port))) say(policy, 'it may go everywhere');
      for (const { podSelector: selector, namespaceSelector } of to ?? []) {
        if (namespaceSelector) {
          if (!ports.every(({ port }) => names.includes(port))) say(policy, 'it may go to another namespace');
          continue;
        }

        const others = chosen(people, selector);
        if (others.length === 0 || ports.some(({ port }) => !others.every((other) => other.ports.includes(port))))
          say(policy, 'it leads to pods or ports that are not there');
      }

      for (const { other, port } of pairs(people, to, ports))
        if (of(other).length > 0 && !comes(of(other), who, port)) say(policy, `it leads to ${other.name} at ${port}, which does not let it in`);
    }

    if (who.server) server(policy, who.server);
    if (who.workload && container(who.workload).args[0] === 'runtime') runtime(policy, who);
  }

  return problems;

  /** A runtime receives its work. If the work comes by queues, the runtime connects to their server and to nothing else. */
  function runtime(policy, who) {
    const { ingress = [], egress = [] } = policy.value.spec, queued = container(who.workload).args.includes('--queue-file');
    const away = pairs(people, egress.flatMap(({ to = [] }) => to), [{ port: 0 }]).map(({ other }) => other);
    if (!queued && egress.length > 0) say(policy, 'runtimes reach out');
    if (queued && away.some((other) => other.server?.kind !== 'RabbitmqCluster')) say(policy, 'runtimes reach others than the server of the queues');
    for (const { from = [], ports = [] } of ingress) {
      const figures = container(who.workload).ports.find(({ name }) => name === 'metrics')?.containerPort,
        isFigures = ports.length === 1 && ports[0].port === figures;
      const isBroker = !queued && from.length === 1 && !from[0].namespaceSelector && chosen(people, from[0].podSelector)[0]?.name === 'enclave-broker';
      if (from.length === 0 || !(isBroker || isFigures)) say(policy, 'others than brokers reach runtimes');
    }
  }

  /** Only these may connect to a server: its users, its own pods, its operator, and the reader of its metrics. */
  function server(policy, { kind, door, operators }) {
    for (const { from = [], ports = [] } of policy.value.spec.ingress) {
      for (const { podSelector, namespaceSelector } of from) {
        const namespace = namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
        if (namespaceSelector && ![...operators, 'monitoring'].includes(namespace)) say(policy, `the namespace ${namespace ?? 'of anybody'} may come in`);
        if (namespace === 'monitoring' && ports.some(({ port }) => port === door)) say(policy, 'whoever reads figures may work with it');
        if (!podSelector) continue;
        for (const { name, server, workload } of chosen(people, podSelector)) {
          const uses = workload && container(workload).args.some((word) => (kind === 'Cluster' ? ['--store-file'] : ['--queue-file']).includes(word));
          if (!uses && server?.kind !== kind) say(policy, `${name} may come in, and has nothing to do there`);
        }
      }
    }
  }
}

/** All pods of the namespace that a rule names, with each of its ports. */
function pairs(people, peers = [], ports) {
  return peers.filter(({ namespaceSelector }) => !namespaceSelector)
    .flatMap(({ podSelector }) => chosen(people, podSelector)).flatMap((other) => ports.map(({ port }) => ({ other, port })));
}

const allows = (peers, who, ports, port) =>
  (peers === undefined || peers.some(({ podSelector, namespaceSelector }) => !namespaceSelector && chosen([who], podSelector).length > 0))
  && ports.some((each) => each.port === port);

const goes = (policies, to, port) => policies.some(({ value }) => (value.spec.egress ?? []).some((rule) => allows(rule.to ?? [], to, rule.ports ?? [], port)));

const comes = (policies, from, port) =>
  policies.some(({ value }) => (value.spec.ingress ?? []).some((rule) => allows(rule.from, from, rule.ports ?? [], port)));
