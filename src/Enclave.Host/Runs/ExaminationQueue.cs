using Enclave.Guard;
using Enclave.Queues;

namespace Enclave.Runs;

/// <summary>
/// The large scripts of one host that wait for the guard. All hosts of the process share the places for examinations. The wait and the number of waiting
/// scripts have the bounds of jobs that wait for a worker.
/// </summary>
/// <param name="pool">The limits of the queue.</param>
/// <param name="clock">Measures the wait.</param>
/// <param name="snapshot">The state of the pool, for refusals.</param>
internal sealed class ExaminationQueue(WorkerPoolOptions pool, TimeProvider clock, Func<PoolSnapshot> snapshot)
{
    private readonly FailureText _texts = new(pool);
    private readonly WaitingRuns _waiting = new(pool.MaxQueueSize, pool.MaxQueuedPerTenant ?? pool.MaxQueueSize);

    /// <summary>Examines a script when its turn comes.</summary>
    /// <param name="examine">The examination.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public async Task<ExaminationOutcome> ExamineAsync(Func<ValidationResult> examine, WaitingRun run, CancellationToken cancellationToken)
    {
        // A script that gets a place at once does not wait.
        if (_waiting.TryEnter(run, LargeScripts.AreAllPlacesTaken ? 0 : LargeScripts.Places) is not QueueVerdict.Added and var verdict)
            return new ExaminationOutcome(_texts.ExaminationQueueFull(snapshot(), verdict), TimeSpan.Zero);

        long since = clock.GetTimestamp();
        bool begun = false;
        using var patience = new CancellationTokenSource(pool.QueueTimeout, clock);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return new ExaminationOutcome(await LargeScripts.RunAsync(Begin, wait.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!begun)
        {
            // Throw with the caller's own token, not with the linked one.
            cancellationToken.ThrowIfCancellationRequested();
            return new ExaminationOutcome(_texts.ExaminationTimeout(snapshot()), clock.GetElapsedTime(since));
        }
        finally
        {
            if (!begun) _waiting.Leave(run);
        }

        ValidationResult Begin()
        {
            begun = true;
            _waiting.Leave(run);
            return examine();
        }
    }
}
