namespace Enclave.LoadBench;

/// <summary>The checks before any measurement of a level and an adapter: the level must accept the script, and no job may find traces of another one.</summary>
internal sealed class AdmitOutcome(Catalogue catalogue, BenchHosts hosts, BenchReport report, SecurityLevel level)
{
    private const string Refused = "refused", NotClean = "not clean";

    /// <summary>The number of jobs that look at once in the peers' check.</summary>
    private const int Looks = 4;

    private const int MostRounds = 50;

    /// <summary>False if the level refuses the script. The refusal is a line of the report.</summary>
    /// <exception cref="BenchException">A job found traces of another job, so nothing is measured.</exception>
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

    /// <summary>Runs looking jobs until the dirty worker has run one.</summary>
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

        throw new BenchException(
            $"worker {made.Stats.WorkerId}, which was made dirty, had none of {Looks * MostRounds} jobs: whether it is clean is not known");
    }
}
