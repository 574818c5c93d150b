// W8: the part inside the new process. run.mjs measures the time from the spawn to this mark.
import { job, workload } from '../catalogue.mjs';
import { print } from '../report.mjs';

export async function measure(host, name, options) {
  const task = job(workload(name, options).job);
  const value = await host.run(task);
  print({ mark: 'result' });
  if (value !== task.expect) throw new Error(`wrong answer: ${value}`);
}
