using Enclave.Runs;

namespace Enclave;

/// <summary>Takes each run through the gate of the host: in before it begins, and out when it has ended.</summary>
/// <param name="gate">The gate.</param>
/// <param name="settings">The host's options.</param>
/// <param name="ids">Names the runs.</param>
internal sealed class GatedRuns(IRunGate gate, ResolvedOptions settings, RunIds ids)
{
    private static readonly RunOptions s_none = new();

    private readonly GateHost _host = new(settings);

    /// <inheritdoc cref="IRunGate.WhyNot"/>
    public ExecutionError? WhyNot(RunOptions options) => gate.WhyNot(new GateRequest(options, options.RunId ?? "", _host));

    /// <inheritdoc cref="IRunGate.Narrow"/>
    public RunOptions Narrow(RunOptions options) => gate.Narrow(Request(options, isResumed: false));

    /// <summary>Starts a run if the gate admits it.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="hooks">Its observers, and its own tools.</param>
    /// <param name="begin">Begins the run, or refuses it if the pass has a refusal.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async Task<ExecutionResult> RunAsync(
        RunOptions? options, RunHooks hooks, Func<RunPass, RunHooks, CancellationToken, Task<ExecutionResult>> begin, CancellationToken cancellationToken)
    {
        RunPass pass = await gate.EnterAsync(Request(options ?? s_none, hooks.IsResumed), cancellationToken).ConfigureAwait(false);
        if (pass.Refusal is not null) return await begin(pass, hooks, cancellationToken).ConfigureAwait(false);
        ExecutionJob? job = null;
        ExecutionResult? result = null;
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pass.Ending) : null;
        var watched = hooks with
        {
            Submitted = (submitted) =>
            {
                job = submitted;
                hooks.Submitted?.Invoke(submitted);
            },
            WhenCancelled = (cancelled) => IsEndedByGate() ? Ended(cancelled, pass) : hooks.WhenCancelled?.Invoke(cancelled),
        };
        try
        {
            result = await begin(pass, watched, both?.Token ?? pass.Ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsEndedByGate())
        {
            result = ResultBuilder.Failure(pass.WhyEnded, new ExecutionStats(), "", pass.Options.RunId);
        }
        finally
        {
            // Leave the gate even if the caller left or the host is disposed: the run's usage counts.
            ExecutionStats stats = result?.Stats ?? job?.Session?.Measured ?? new ExecutionStats { QueueWait = job?.QueueWait ?? default };
            result = await pass.LeaveAsync(result, stats).ConfigureAwait(false);
        }

        return result!;

        bool IsEndedByGate() => pass.Ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
    }

    private static ExecutionResult Ended(ExecutionJob job, RunPass pass) =>
        job.Session?.Abandoned(pass.WhyEnded)
        ?? ResultBuilder.Failure(pass.WhyEnded, new ExecutionStats { QueueWait = job.QueueWait }, "", job.RunId);

    private GateRequest Request(RunOptions options, bool isResumed) =>
        new(options, options.RunId ?? ids.NameOf(ids.NextJob()), _host) { IsResumed = isResumed };
}
