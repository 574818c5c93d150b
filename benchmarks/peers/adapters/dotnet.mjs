// A contestant in .NET: the program Enclave.DotNetPeers runs the workload, in a process of its own and without node.
import { existsSync } from 'node:fs';
import { cleanJobs, isBomb, job, leastDotnetWarmup, workload } from '../catalogue.mjs';
import { dotnetPeers, nugetVersionOf } from '../paths.mjs';

/** An adapter with `run` in place of `open`. `packageName` is the one whose version it has. */
export function dotnetPeer(peer, packageName) {
  return {
    nodeFlags: () => [],
    version: () => nugetVersionOf(packageName),
    missing: () => existsSync(dotnetPeers) ? undefined : `it is not built: dotnet build -c Release benchmarks/Enclave.DotNetPeers`,
    /** The command of one workload, and the plan that it reads from its standard input. */
    command: (name, { quick, keepUnclean }) => ({ program: dotnetPeers, args: [], input: JSON.stringify(plan(peer, name, quick, keepUnclean)) }),
  };
}

function plan(peer, name, quick, keepUnclean) {
  const settings = workload(name, { quick });
  return {
    peer,
    workload: name,
    keepUnclean,
    leastWarmupMs: leastDotnetWarmup(quick),
    job: job(settings.job ?? name),
    next: settings.next && job(settings.next),
    neighbour: isBomb(name) ? job(settings.neighbour) : undefined,
    clean: cleanJobs(),
    settings,
  };
}
