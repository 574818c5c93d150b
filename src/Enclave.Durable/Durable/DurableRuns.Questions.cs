using Enclave.Durable;
using Enclave.Journals;
using Enclave.Runs;

namespace Enclave;

/// <content>
/// Runs of clients that answer questions by later requests (<see cref="RunKey.IsQuestion"/>). Such a run continues in the request that brings an answer, and is
/// removed when it ends.
/// </content>
public sealed partial class DurableRuns
{
    /// <summary>Tries of a request to run its script on a busy host, half a second apart.</summary>
    private const int MaxTries = 20;

    /// <summary>Runs a script until it ends or only waits for approvals.</summary>
    /// <param name="code">The script.</param>
    /// <param name="options">Its options; without a name.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="JournalException">The tenant has too many runs, or the store failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task<DurableRun> AskAsync(string code, RunOptions options, CancellationToken cancellationToken)
    {
        var key = new RunKey(options.Tenant, RunKey.QuestionPrefix + LongWaits.NewToken());
        Task<DurableRun> left = await BeginAsync(code, options with { Durable = key.Name }, isAwaited: false, cancellationToken).ConfigureAwait(false);
        return await ConcludeAsync(key, left, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers the questions of a run and continues it.</summary>
    /// <param name="key">The run.</param>
    /// <param name="answers">The answers, by the ids of the calls that wait: true, or the reason to deny.</param>
    /// <param name="options">Its tools and its context.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="JournalException">The run does not wait for one of these answers, another request continues it already, or the store
    /// failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task<DurableRun> AnswerAsync(
        RunKey key, IReadOnlyDictionary<string, object?> answers, RunOptions options, CancellationToken cancellationToken)
    {
        Open();
        // Take the run first: of two requests with an answer only one continues the run, and no host ends it meanwhile.
        IRunLease lease = await _host.Store.TakeAsync(key, TakePurpose.GoOn, cancellationToken).ConfigureAwait(false)
            ?? throw new JournalException(JournalFault.Busy, "another request goes on with the run");
        try
        {
            // Check all answers before the first is stored.
            (StoredWait Wait, object? Value)[] kept = [.. answers.Select((answer) => (WaitOf(lease.Run, answer.Key), answer.Value))];
            using var seal = new JournalSeal(_host.Keys, key, lease.Run.Journal);
            foreach ((StoredWait wait, object? value) in kept)
            {
                byte[] answer = AnswerFormat.Write(seal, lease.Run, wait, JournalAnswer.Of(value));
                if (!await _host.Store.TryAnswerAsync(lease.Run, wait, answer, CancellationToken.None).ConfigureAwait(false)) throw Answered();
                _host.Watch.Record(new DurableStep(DurableAct.Answer, key, Wait: wait));
            }
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        DurablePart part = await AddAsync(
            key, lease, TakePurpose.GoOn, (taken) => taken.Start(options, isNew: false, Leave), CancellationToken.None).ConfigureAwait(false);
        return await ConcludeAsync(key, part.Left, options, cancellationToken).ConfigureAwait(false);
    }

    private static StoredWait WaitOf(StoredRun run, string call) => run.Waits.FirstOrDefault((one) => ToolCallEvent.IdOf(one.Call) == call) ?? throw Answered();

    private static JournalException Answered() => new(JournalFault.Answered, "the question has its answer already");

    /// <summary>Ends and removes a run whose answer did not come in time, or whose host is gone. False if that is not possible now.</summary>
    private async Task<bool> EndQuestionAsync(RunKey key, CancellationToken cancellationToken)
    {
        IRunLease lease = await _host.Store.TakeAsync(key, TakePurpose.GoOn, cancellationToken).ConfigureAwait(false)
            ?? throw new JournalException(JournalFault.Busy, "a request goes on with the run");
        // A request has continued the run meanwhile, and the run asks again.
        if (lease.Run.Due > _host.Now)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            return false;
        }

        DurablePart part = await AddAsync(key, lease, TakePurpose.GoOn, (taken) =>
        {
            taken.Cancel();
            taken.Start(null, isNew: false, Leave);
        }, cancellationToken).ConfigureAwait(false);
        await part.Left.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await DeleteAsync(key, RemovePurpose.Ended, cancellationToken).ConfigureAwait(false);
    }

    private async Task CancelQuestionAsync(RunKey key)
    {
        await CancelAsync(key.Name, key.Tenant, CancellationToken.None).ConfigureAwait(false);
        await DeleteAsync(key, RemovePurpose.Ended, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<DurableRun> ConcludeAsync(RunKey key, Task<DurableRun> left, RunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            DurableRun run = await left.WaitAsync(cancellationToken).ConfigureAwait(false);
            // The pool was full, or a worker died.
            for (int tries = 0; run.IsDelayed; tries++)
            {
                if (tries == MaxTries)
                {
                    await CancelQuestionAsync(key).ConfigureAwait(false);
                    throw new JournalException(JournalFault.Unavailable, "the host had no worker for the script: send it again later");
                }

                await Task.Delay(s_patience, _host.Clock, cancellationToken).ConfigureAwait(false);
                run = await GoOnAsync(key.Name, options, cancellationToken).ConfigureAwait(false);
            }

            if (run.State == DurableRunState.Ended) await DeleteAsync(key, RemovePurpose.Ended, CancellationToken.None).ConfigureAwait(false);
            return run;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // If the store is unavailable, a host ends the run when its time is over.
            await CancelQuestionAsync(key).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
