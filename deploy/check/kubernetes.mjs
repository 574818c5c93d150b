// Checks manifests against the schemas of Kubernetes and of the operators. Validators check kinds and values.
// Types check for unknown members, which the schemas let pass.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { isRabbit, rabbitProblems } from './rabbitmq.mjs';

/** The package with the schemas of a group. */
const packages = { 'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg', 'keda.sh': '@kubernetes-models/keda' };

const place = ({ apiVersion, kind }) => `${packages[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;

export const nameOf = ({ file, value }) => `${file}: ${value.kind} ${value.metadata?.name}`;

/** The faults that the validators report. */
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

/** The faults that the compiler reports for the manifests as values of their types, mainly unknown members. */
export function typeProblems(manifests, folder) {
  const work = mkdtempSync(join(folder, 'types-')), typed = manifests.filter(({ value }) => !isRabbit(value));
  try {
    const files = typed.map((manifest, i) => {
      const path = join(work, `manifest${i}.ts`), { kind } = manifest.value;
      writeFileSync(
        path, `import type { I${kind} } from "${place(manifest.value)}";\nexport const manifest: I${kind} = ${JSON.stringify(manifest.value, null, 1)};\n`);
      return path;
    });
    const options =
      { noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ESNext, types: [] };
    const program = ts.createProgram(files, options);
    return files.flatMap((path, i) => {
      const source = program.getSourceFile(path);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
        .map((found) => `${nameOf(typed[i])}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`);
    });
  } finally {
    rmSync(work, { recursive: true });
  }
}
