namespace Enclave.LoadBench;

/// <summary>What comes before any figure of a level and an adapter: the level has to take the script, and no job may see what another one left.</summary>
internal sealed class AdmitOutcome(Catalogue catalogue, BenchHosts hosts, BenchReport report, SecurityLevel level)
{
    private const string Refused = "refused", NotClean = "not clean";

    /// <summary>As many as look at once in the peers' check.</summary>
    private const int Looks = 4;

    private const int MostRounds = 50;

    /// <summary>False where the level refuses the script, which is a line of the report.</summary>
    /// <exception cref="BenchException">A job found what another one had left: there is no figure.</exception>
    public async Task<bool> AllowsAsync(string workload)
    {
        if (await RefusalAsync(catalogue.JobOf(workload)) is { } reason)
        {
            report.Outcome("outcome", Refused, $"refused at {level.ToString().ToUpperInvariant()}: {reason}");
            return false;
        }

        if (await WhatIsLeftAsync() is not { } left) return true;
        report.Outcome("clean state", NotClean, left);
        throw new BenchException($"{workload}: no figure; {left}");
    }

    private async Task<string?> RefusalAsync(BenchJob job)
    {
        if (job.Scripts == Scripts.Unguarded) return null;
        await using EnclaveHost judge = hosts.OpenJudge();
        return job.RefusalBy(judge);
    }

    /// <summary>Looks until the worker that was made dirty has looked, and whoever else had a job meanwhile.</summary>
    private async Task<string?> WhatIsLeftAsync()
    {
        (BenchJob dirty, BenchJob look) = catalogue.CleanJobs();
        await using EnclaveHost host = hosts.Open(scripts: dirty.Scripts);
        await host.WarmUpAsync();
        ExecutionResult made = await dirty.RunAsync(host);
        dirty.CheckSuccess(made);
        for (int round = 0; round < MostRounds; round++)
        {
            ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, Looks).Select((_) => look.RunAsync(host)));
            foreach (ExecutionResult result in results)
            {
                look.CheckSuccess(result);
                if (!look.Answers(result)) return $"a job found what another one had left in {result.Value}";
            }

            if (results.Any((result) => result.Stats.WorkerId == made.Stats.WorkerId)) return null;
        }

        throw new BenchException($"worker {made.Stats.WorkerId}, which was made dirty, had none of {Looks * MostRounds} jobs: whether it is clean is not known");
    }
}
