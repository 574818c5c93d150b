// Checks deploy/ of the given repository. Prints one line per fault, and exits with 1 if there is any.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agreementProblems, listProblems } from './agreement.mjs';
import { composeProblems } from './compose.mjs';
import { distributedProblems } from './distributed.mjs';
import { schemaProblems, typeProblems } from './kubernetes.mjs';
import { componentsOf, load, manifestOf } from './load.mjs';
import { assembled } from './patch.mjs';
import { productProblems, readHelp } from './product.mjs';
import { seccompProblems } from './seccomp.mjs';

const [root, program] = process.argv.slice(2);
const parts = load(root), problems = [], distributed = componentsOf(parts.distributed);
// Every combination that a user may apply.
const variants = [[], ['apparmor'], ['landlock'], ['queues'], ['store'], distributed, [...distributed, 'apparmor'], [...distributed, 'landlock']]
  .map((names) => ({ names, ...assembled(parts, names, manifestOf) }));
for (const { names, manifests, problems: misfits } of variants) {
  const variant = { ...parts, manifests };
  problems.push(
    ...misfits, ...await schemaProblems(manifests), ...agreementProblems(variant, { baseline: names.includes('landlock') }), ...distributedProblems(variant));
}

for (const { name } of parts.components) if (!variants.some(({ names }) => names.includes(name))) problems.push(`components/${name}: nothing here applies it`);
const manifests = variants.flatMap((variant) => variant.manifests), different = [
  ...new Map(manifests.map((manifest) => [JSON.stringify(manifest), manifest])).values()];
problems.push(...await schemaProblems(parts.examples), ...typeProblems([...different, ...parts.examples], dirname(fileURLToPath(import.meta.url))));
problems.push(
  ...listProblems(parts), ...composeProblems(parts), ...seccompProblems(parts), ...productProblems({ ...parts, manifests: different }, readHelp(program)));
for (const problem of new Set(problems)) console.error(problem);
const count = parts.manifests.length + parts.components.reduce((sum, each) => sum + each.manifests.length, 0);
const services = Object.keys(parts.compose.services).length;
const faults = problems.length === 0 ? 'no fault' : `${new Set(problems).size} faults`;
console.log(`${count} manifests, ${parts.components.length} components in ${variants.length} combinations, ${services} services: ${faults}`);
process.exit(problems.length === 0 ? 0 : 1);
