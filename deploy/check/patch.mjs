// Applies a kustomization's components as kustomize does: adds their manifests and patches the manifests that they name.
import { nameOf } from './kubernetes.mjs';

const clone = (value) => JSON.parse(JSON.stringify(value));

/** The manifests with a component applied, and its faults. */
export function patched(manifests, component, parse) {
  const problems = [], say = (text) => problems.push(`components/${component.name}: ${text}`);
  const listed = (component.value.resources ?? []).map((file) => `components/${component.name}/${file}`).toSorted(),
    there = [...new Set((component.manifests ?? []).map(({ file }) => file))].toSorted();
  if (listed.join() !== there.join()) say(`kustomization.yaml lists ${listed}; there are ${there}`);
  let result = clone([...manifests, ...(component.manifests ?? [])]);
  const names = result.map(({ value: { kind, metadata } }) => `${kind} ${metadata.name}`);
  for (const twice of new Set(names.filter((name, i) => names.indexOf(name) !== i))) say(`${twice} is there twice`);
  for (const { target, patch } of component.value.patches ?? []) {
    const change = parse(patch), { kind, name } = target ?? { kind: change.kind, name: change.metadata?.name };
    // kustomize reads both as patterns.
    const meant = result.filter(({ value }) => new RegExp(`^(${kind})$`).test(value.kind) && new RegExp(`^(${name})$`).test(value.metadata.name));
    if (meant.length !== 1) say(`there ${meant.length === 0 ? 'is no' : 'are several'} ${kind} ${name}`);
    else if (Array.isArray(change)) for (const step of change) apply(meant[0], step, say);
    else if (change.$patch === 'delete') result = result.filter((manifest) => manifest !== meant[0]);
    else say(`a patch of ${kind} ${name} is of a form that is not known here`);
  }

  return { manifests: result, problems };
}

/** One operation of RFC 6902. */
function apply(manifest, { op, path, value }, say) {
  const steps = path.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')), last = steps.pop();
  const holder = steps.reduce((at, step) => at?.[step], manifest.value);
  if (!['add', 'replace', 'remove'].includes(op)) say(`'${op}' is not known here`);
  else if (holder === undefined || (op !== 'add' && holder[last] === undefined)) say(`${nameOf(manifest)} has no ${path}`);
  else if (op === 'remove' && Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (op === 'remove') delete holder[last];
  else if (op === 'add' && Array.isArray(holder)) holder.splice(last === '-' ? holder.length : Number(last), 0, value);
  else holder[last] = value;
}

/** Applies all components of a list in order. */
export function assembled(parts, names, parse) {
  return names.reduce(({ manifests, problems }, name) => {
    const component = parts.components.find((each) => each.name === name);
    if (!component) return { manifests, problems: [...problems, `there is no component ${name}`] };
    const next = patched(manifests, component, parse);
    return { manifests: next.manifests, problems: [...problems, ...next.problems] };
  }, { manifests: parts.manifests, problems: [] });
}
