using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Enclave.DependencyInjection;

/// <summary>Checks that scripts can run, with the isolation that the operator wants.</summary>
internal sealed class EnclaveHealthCheck(EnclaveHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        PoolSnapshot pool = host.GetSnapshot();
        var data = new Dictionary<string, object>
        {
            ["workers"] = pool.Workers,
            ["active"] = pool.ActiveWorkers,
            ["idle"] = pool.IdleWorkers,
            ["starting"] = pool.StartingWorkers,
            ["queued"] = pool.QueueDepth,
        };
        foreach ((ErrorCode code, long runs) in host.RefusedByGate) data[$"refused.{code.ToCode()}"] = runs;
        if (host.CannotRun is { } why) return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, why, data: data));
        string[] troubles = [.. Troubles(pool)];
        return Task.FromResult(troubles.Length > 0
            ? HealthCheckResult.Degraded(string.Join("; ", troubles), data: data)
            : HealthCheckResult.Healthy($"{pool.Workers} workers{(pool.QueueDepth > 0 ? $"; all are busy, and {pool.QueueDepth} runs wait" : "")}", data));
    }

    private IEnumerable<string> Troubles(PoolSnapshot pool)
    {
        if (pool.LastStartFailure is { } failure)
        {
            yield return pool.IsCrashLooping ? $"starting workers fails again and again: {failure}" : $"the last start of a worker failed: {failure}";
        }

        if (host.AcceptedLosses is { Count: > 0 } layers) yield return $"runs without {string.Join(", ", layers)}, as AllowDegradedIsolation accepts";
    }
}
