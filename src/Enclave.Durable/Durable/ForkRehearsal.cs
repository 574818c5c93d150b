using Enclave.Journals;
using Enclave.Runs;

namespace Enclave.Durable;

/// <summary>Runs a fork without calling a tool, in a temporary store of its own.</summary>
/// <param name="host">The host.</param>
/// <param name="key">The name of the fork.</param>
/// <param name="given">Its tools.</param>
internal sealed class ForkRehearsal(DurableHost host, RunKey key, RunOptions? given)
{
    /// <summary>Failures that say something about the script.</summary>
    private static readonly HashSet<ErrorCode> s_ends =
    [
        ErrorCode.RuntimeError, ErrorCode.ToolError, ErrorCode.Timeout, ErrorCode.MemoryLimitExceeded, ErrorCode.MaxToolCalls, ErrorCode.MaxIterations,
        ErrorCode.OutputLimit, ErrorCode.ReplayDiverged,
    ];

    /// <summary>Finds the history that the fork keeps and its first live step. Returns them with its first entries.</summary>
    /// <exception cref="JournalException">The script is refused, or cannot run now.</exception>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<(ForkPreview Preview, IReadOnlyList<JournalEntry> Entries)> RunAsync(ForkPlan plan, int? at, CancellationToken cancellationToken)
    {
        int kept = at ?? plan.Most;
        IReadOnlyList<JournalEntry> entries = plan.Entries(kept);
        (ReplayDifference? difference, int step, ToolCallEvent? next, ExecutionResult result) =
            await RunAsync(entries, cancellationToken).ConfigureAwait(false);
        if (difference is not null && at is null)
        {
            // The script repeats the rest, and the fork continues from there.
            entries = plan.Entries(kept = plan.EventsBefore(step));
            (_, _, next, result) = await RunAsync(entries, cancellationToken).ConfigureAwait(false);
        }

        return (new ForkPreview
        {
            Kept = kept,
            Difference = difference,
            Repeated = plan.CallsAfter(kept),
            Next = next,
            Result = result.Error?.Code is ErrorCode.Suspended or ErrorCode.ReplayDiverged ? null : result,
        }, entries);
    }

    private async Task<(ReplayDifference? Difference, int Step, ToolCallEvent? Next, ExecutionResult Result)> RunAsync(
        IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        var store = new MemoryRunStore();
        await using (store.ConfigureAwait(false))
        {
            DateTimeOffset now = host.Now;
            var run = new StoredRun { Key = key, Journal = Guid.NewGuid(), Origin = [], Created = now, Changed = now };
            var seal = new JournalSeal(new JournalKeys([]), key, run.Journal);
            (run, byte[] parts) = RunJournal.Begin(seal, run, entries);
            JournalHistory history = JournalHistory.Read(seal, run, parts);
            IRunLease lease = (await store.CreateAsync(run, parts, cancellationToken).ConfigureAwait(false))!;
            var journal = new RunJournal(store, lease, seal, history, host.MaxRunBytes, host.Clock);
            await using (journal.ConfigureAwait(false))
            {
                using var waits = new JournaledWaits(journal, history, store, host.Options.Grace, host.Clock);
                var determinism = new JournaledDeterminism(journal, history, waits, host.Tools, host.Clock) { IsRehearsal = true };
                RunOptions options = DurablePart.OptionsOf(host, key, history, given) with { OnConsole = null };
                var hooks = new RunHooks([]) { Submitted = (job) => waits.Job = job };
                ExecutionResult result = await host.Run(
                    history.Opened.Code, options, history.Opened.Globals, determinism, hooks, cancellationToken).ConfigureAwait(false);
                if (result.Error is { } error && error.Code != ErrorCode.Suspended && !s_ends.Contains(error.Code))
                    throw new JournalException(JournalFault.NotRepeated, $"the fork cannot run: {error.Message}");
                return (determinism.DifferenceIn(result), determinism.Repeated, determinism.Next, result);
            }
        }
    }
}
