using System.Runtime.CompilerServices;
using Enclave.Events;
using Enclave.Runs;

namespace Enclave;

/// <content>Runs whose events are read while they happen.</content>
public sealed partial class EnclaveHost
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ExecutionEvent> StreamAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (options is not null) OptionsCheck.Check(options, _parts.Settings.Sizes);
        RefuseDurable(options);
        return ReadStreamAsync(code, options, cancellationToken);
    }

    private static void RefuseDurable(RunOptions? options)
    {
        if (options?.Durable is not null)
            throw new ArgumentException("A durable run has no stream: start it with StartAsync (RunOptions.Durable).", nameof(options));
    }

    private async IAsyncEnumerable<ExecutionEvent> ReadStreamAsync(
        string code, RunOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffer = new StreamBuffer(EventLimits.Of(options), _parts.Settings.Options.TimeProvider);
        Task<ExecutionResult> run = RunAsync(code, options, new RunHooks([buffer], WhenCancelled: WhenLeft), left.Token);
        Task ended = EndAsync(run, buffer);
        try
        {
            // A cancelled run has its last event too.
            while (await buffer.NextAsync().ConfigureAwait(false) is { } next) yield return next;
        }
        finally
        {
            // A reader that leaves early ends the run.
            await left.CancelAsync().ConfigureAwait(false);
            await ended.ConfigureAwait(false);
        }
    }

    private static ExecutionResult WhenLeft(ExecutionJob job) =>
        job.Session?.Abandoned(FailureText.CallerCancelled())
        ?? ResultBuilder.Failure(FailureText.CallerCancelled(), new ExecutionStats { QueueWait = job.QueueWait }, "", job.RunId);

    /// <summary>Runs that never reach a worker notify only their caller.</summary>
    private static async Task EndAsync(Task<ExecutionResult> run, EventFeed feed)
    {
        try
        {
            feed.Finish(await run.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            feed.Finish(ResultBuilder.Failure(FailureText.CallerCancelled(), new ExecutionStats(), "", null));
        }
#pragma warning disable CA1031 // The reader gets the exception that a caller of the run would get.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            feed.Fail(fault);
        }
    }
}
