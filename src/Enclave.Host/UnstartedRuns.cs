using System.Diagnostics;
using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>The end of runs that never become a job: their answer, their audit record and their log.</summary>
/// <param name="log">The log of failed runs.</param>
internal sealed class UnstartedRuns(ILogger log)
{
    /// <summary>The answer of a refused run.</summary>
    /// <param name="asked">The run.</param>
    /// <param name="error">The reason.</param>
    /// <param name="wait">The time that it waited.</param>
    public Task<ExecutionResult> Refused(RequestedRun asked, ExecutionError error, TimeSpan wait = default)
    {
        asked.Trail?.Refused(error.Code.ToCode());
        return Answer(asked, error, wait);
    }

    /// <summary>Refuses a run because there is no room for its audit record. The refusal is counted in place of a record.</summary>
    public Task<ExecutionResult> RefusedByAudit(RequestedRun asked, AuditLog audit)
    {
        audit.Drop();
        return Answer(asked, AuditIsFull(audit.Options), TimeSpan.Zero);
    }

    /// <summary>The answer of a run whose caller left.</summary>
    public Task<ExecutionResult> Cancelled(RequestedRun asked, CancellationToken cancellationToken)
    {
        Cancelled(asked);
        return Task.FromCanceled<ExecutionResult>(cancellationToken);
    }

    /// <summary>The caller left.</summary>
    public void Cancelled(RequestedRun asked)
    {
        asked.Trail?.Refused(TelemetryNames.CallerCancelled);
        Failed(asked, null);
    }

    /// <summary>The host was disposed before the run had a place in its pool.</summary>
    public void HostDisposed(RequestedRun asked)
    {
        asked.Trail?.Refused(ErrorCode.PoolDisposed.ToCode());
        Failed(asked, HostDisposed());
    }

    /// <summary>Logs a run that has no job to log it.</summary>
    public void Failed(RequestedRun asked, ExecutionError? error) => FailedRun.Log(log, asked.RunId, asked.Options, error, Activity.Current);

    private Task<ExecutionResult> Answer(RequestedRun asked, ExecutionError error, TimeSpan wait)
    {
        Failed(asked, error);
        return Task.FromResult(ResultBuilder.Failure(error, new ExecutionStats { QueueWait = wait }, "", asked.RunId));
    }

    private static ExecutionError HostDisposed() => new()
    {
        Code = ErrorCode.PoolDisposed,
        Name = ErrorCode.PoolDisposed.ToCode(),
        Message = "the host was disposed before the run had a place in its pool",
    };

    private static ExecutionError AuditIsFull(AuditOptions options) => new()
    {
        Code = ErrorCode.QueueFull,
        Name = ErrorCode.QueueFull.ToCode(),
        Message = $"{options.QueueSize} audit records wait for the sink (AuditOptions.QueueSize), and without an audit no run is taken " +
        "(AuditOptions.WhenFull): see to the sink: docs/errors/QUEUE_FULL.md",
        Data = new Dictionary<string, object?> { ["reason"] = "audit", ["limit"] = options.QueueSize },
    };
}
