using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Pool;
using Enclave.Protocol.Messages;
using Enclave.Runs;
using Enclave.Sidecar;

namespace Enclave;

/// <summary>The last step of an accepted run: it makes the job, with its limits and the way of its tool calls, and gives it to the pool.</summary>
/// <param name="settings">The host's options.</param>
/// <param name="pool">The pool.</param>
/// <param name="tools">The stations of tool calls.</param>
/// <param name="unstarted">Ends runs that get no place.</param>
/// <param name="logs">The host's logs.</param>
internal sealed class JobSubmission(ResolvedOptions settings, WorkerPool pool, HostTools tools, UnstartedRuns unstarted, HostLogs logs)
{
    /// <inheritdoc cref="WorkerPool.Expect"/>
    public void Expect() => pool.Expect();

    /// <exception cref="ObjectDisposedException">The host is disposed.</exception>
    public Task<ExecutionResult> Submit(GuardedScript script, RequestedRun asked, CancellationToken cancellationToken)
    {
        RunLimits limits = settings.Limits.Of(asked.Options);
        // References end with the part of a run in this host. A durable run continues after that, so it has none.
        ReferenceRun? references = asked.Determinism is { Waits: not null } ? null
            : tools.Sidecar?.Begin(asked.Options?.Tenant, limits.MaxValueBytes, settings.Memory.PerRun);
        var path = ToolPath.Of(tools, asked, references);
        var job = new ExecutionJob(asked.Id, script, limits, asked.Globals, asked.Options, ConsoleFault(asked))
        {
            RunId = asked.RunId,
            FailureLog = logs.Runs,
            Tools = path.First,
            Memory = settings.Memory,
            Determinism = asked.Determinism,
            Observers = asked.Observers(path.Watch),
            Meter = asked.Telemetry,
            Warnings = asked.Warnings,
            HasReferences = references is not null,
            WhenCancelled = asked.Hooks.WhenCancelled,
        };
        try
        {
            asked.Hooks.Submitted?.Invoke(job);
            pool.Submit(job);
        }
        catch (ObjectDisposedException)
        {
            unstarted.HostDisposed(asked);
            throw;
        }

        job.WatchCancellation((cancelled) => pool.Cancel(cancelled, cancellationToken), cancellationToken);
        return references is null ? job.Answer : ConcludeAsync(references, job, asked, cancellationToken);
    }

    private Action<Exception>? ConsoleFault(RequestedRun asked) => asked.Options?.OnConsole is null
        ? null
        : (fault) => Log.ConsoleCallbackFailed(logs.Host, LogText.Name(asked.Options.Tenant), asked.RunId, fault);

    /// <summary>A value with references may fail after its job succeeded, because the referenced entries no longer exist or are too large together.</summary>
    private async Task<ExecutionResult> ConcludeAsync(ReferenceRun references, ExecutionJob job, RequestedRun asked, CancellationToken cancellationToken)
    {
        try
        {
            ExecutionResult result = await references.ConcludeAsync(job.Answer, cancellationToken).ConfigureAwait(false);
            if (result.Error is { } error && job.Answer.Result.Success) unstarted.Failed(asked, error);
            return result;
        }
        catch (OperationCanceledException) when (job.Answer.IsCompletedSuccessfully)
        {
            unstarted.Failed(asked, null);
            throw;
        }
    }
}
