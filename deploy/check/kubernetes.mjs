// Manifests by the schemas of Kubernetes and of the operators: kinds and values by their validators, members that do not exist by their types, since the schemas let them pass.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { isRabbit, rabbitProblems } from './rabbitmq.mjs';

/** Which package has the schemas of a group. */
const packages = { 'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg', 'keda.sh': '@kubernetes-models/keda' };

const place = ({ apiVersion, kind }) => `${packages[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;

export const nameOf = ({ file, value }) => `${file}: ${value.kind} ${value.metadata?.name}`;

/** What the validators say. */
export async function schemaProblems(manifests) {
  const problems = [];
  for (const manifest of manifests) {
    const { value } = manifest;
    if (isRabbit(value)) {
      problems.push(...rabbitProblems(value).map((text) => `${nameOf(manifest)}: ${text}`));
      continue;
    }

    let model;
    try {
      model = (await import(place(value)))[value.kind];
    } catch {
      problems.push(`${nameOf(manifest)}: Kubernetes has no ${value.kind} of ${value.apiVersion}`);
      continue;
    }

    try {
      new model(value).validate();
    } catch (fault) {
      problems.push(`${nameOf(manifest)}: ${fault.message}`);
    }
  }

  return problems;
}

/** What the compiler says of the manifests as values of their types: a member that is no member, above all. */
export function typeProblems(manifests, folder) {
  const work = mkdtempSync(join(folder, 'types-')), typed = manifests.filter(({ value }) => !isRabbit(value));
  try {
    const files = typed.map((manifest, i) => {
      const path = join(work, `manifest${i}.ts`), { kind } = manifest.value;
      writeFileSync(path, `import type { I${kind} } from "${place(manifest.value)}";\nexport const manifest: I${kind} = ${JSON.stringify(manifest.value, null, 1)};\n`);
      return path;
    });
    const options = { noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ESNext, types: [] };
    const program = ts.createProgram(files, options);
    return files.flatMap((path, i) => {
      const source = program.getSourceFile(path);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => `${nameOf(typed[i])}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`);
    });
  } finally {
    rmSync(work, { recursive: true });
  }
}
