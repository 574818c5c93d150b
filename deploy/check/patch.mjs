// The components of the kustomization: their patches, applied to the manifests they name.
import { nameOf } from './kubernetes.mjs';

const clone = (value) => JSON.parse(JSON.stringify(value));

/** The manifests with a component's patches on, and what does not fit. */
export function patched(manifests, component, parse) {
  const result = clone(manifests), problems = [];
  for (const { target, patch } of component.value.patches ?? []) {
    const meant = result.find(({ value }) => value.kind === target.kind && value.metadata.name === target.name);
    if (!meant) {
      problems.push(`components/${component.name}: there is no ${target.kind} ${target.name}`);
      continue;
    }

    for (const { op, path, value } of parse(patch)) {
      const steps = path.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')), last = steps.pop();
      const holder = steps.reduce((at, step) => at?.[step], meant.value);
      if (!['add', 'replace'].includes(op)) problems.push(`components/${component.name}: '${op}' is not known here`);
      else if (holder === undefined || (op === 'replace' && holder[last] === undefined)) problems.push(`components/${component.name}: ${nameOf(meant)} has no ${path}`);
      else holder[last] = value;
    }
  }

  return { manifests: result, problems };
}
