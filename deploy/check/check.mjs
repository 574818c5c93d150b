// Judges deploy/ of the repository given: one line for each fault, and 1 if there is any.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { agreementProblems } from './agreement.mjs';
import { composeProblems } from './compose.mjs';
import { schemaProblems, typeProblems } from './kubernetes.mjs';
import { load } from './load.mjs';
import { patched } from './patch.mjs';
import { productProblems, readHelp } from './product.mjs';
import { seccompProblems } from './seccomp.mjs';

const [root, program] = process.argv.slice(2);
const parts = load(root), problems = [];
const variants = [{ name: '', manifests: parts.manifests, problems: [] }, ...parts.components.map((component) => ({ name: component.name, ...patched(parts.manifests, component, parse) }))];
for (const variant of variants) {
  problems.push(...variant.problems, ...await schemaProblems(variant.manifests), ...agreementProblems({ ...parts, manifests: variant.manifests }, { baseline: variant.name === 'landlock' }));
}

problems.push(...typeProblems(variants.flatMap(({ manifests }) => manifests), dirname(fileURLToPath(import.meta.url))));
problems.push(...composeProblems(parts), ...seccompProblems(parts), ...productProblems(parts, readHelp(program)));
for (const problem of new Set(problems)) console.error(problem);
console.log(`${parts.manifests.length} manifests, ${parts.components.length} components, ${Object.keys(parts.compose.services).length} services: ${problems.length === 0 ? 'no fault' : `${new Set(problems).size} faults`}`);
process.exit(problems.length === 0 ? 0 : 1);
