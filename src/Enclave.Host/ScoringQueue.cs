using Enclave.Guard;
using Enclave.Guard.Scoring;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave;

/// <summary>
/// The runs that wait for the score of their script. They have no worker yet, so the bound is the number of workers and queue places together.
/// </summary>
/// <param name="gate">Scores the scripts.</param>
/// <param name="settings">The host's options.</param>
/// <param name="snapshot">The state of the pool, for refusals.</param>
internal sealed class ScoringQueue(ScoringGate gate, ResolvedOptions settings, Func<PoolSnapshot> snapshot)
{
    private readonly WaitingRuns _waiting = new(
        settings.Sizes.MaxWorkers + settings.Sizes.MaxQueueSize,
        settings.Sizes.MaxWorkers + (settings.Sizes.MaxQueuedPerTenant ?? settings.Sizes.MaxQueueSize));

    /// <summary>Returns the refusal of a script; null if it may run.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public async Task<ExecutionError?> JudgeAsync(GuardedScript script, RunOptions? options, WaitingRun run, CancellationToken cancellationToken)
    {
        if (_waiting.TryEnter(run) is not QueueVerdict.Added and var full) return new FailureText(settings.Sizes).ScoringQueueFull(snapshot(), full);
        try
        {
            ScoreVerdict verdict = await gate.JudgeAsync(script.Source, script.Program, script.Tools,
                $"{settings.Options.SecurityLevel}/{settings.Options.PresetOf(options)}/{run.TenantKey}", cancellationToken).ConfigureAwait(false);
            return verdict.Outcome == ScoreOutcome.Blocked ? Refusal.Of(verdict) : null;
        }
        finally
        {
            _waiting.Leave(run);
        }
    }
}
