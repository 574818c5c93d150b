using Enclave.Guard;
using Enclave.Runs;

namespace Enclave;

/// <summary>The steps of a run on a host that can run scripts: size, guard, score, job.</summary>
/// <param name="settings">The host's options.</param>
/// <param name="examiner">Asks the guard.</param>
/// <param name="tools">Gives scripts their tools as a value.</param>
/// <param name="large">The queue of large scripts.</param>
/// <param name="scoring">Scores accepted scripts; null for no scores.</param>
/// <param name="submission">Makes the job.</param>
/// <param name="unstarted">Ends runs that never become a job.</param>
internal sealed class RunSteps(
    ResolvedOptions settings, ScriptExaminer examiner, ToolsValue tools, ExaminationQueue large, ScoringQueue? scoring, JobSubmission submission,
    UnstartedRuns unstarted)
{
    public Task<ExecutionResult> RunAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        if (settings.Limits.TooLarge(asked.Code, asked.Globals) is { } tooLong) return unstarted.Refused(asked, tooLong);
        submission.Expect();
        if (asked.Code.Length > LargeScripts.Least) return ExamineLargeAsync(asked, cancellationToken);
        try
        {
            return Decide(examiner.Examine(asked, cancellationToken), asked, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return unstarted.Cancelled(asked, cancellationToken);
        }
    }

    /// <summary>A large script waits for its turn, and does not block the caller's thread.</summary>
    private async Task<ExecutionResult> ExamineLargeAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        ExaminationOutcome examination;
        var run = new WaitingRun(asked.Options?.Tenant, asked.Code, asked.Globals);
        try
        {
            examination = await large.ExamineAsync(() => examiner.Examine(asked, cancellationToken), run, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            unstarted.Cancelled(asked);
            throw;
        }

        return examination.Verdict is { } verdict
            ? await Decide(verdict, asked, cancellationToken).ConfigureAwait(false)
            : await unstarted.Refused(asked, examination.Refusal!, examination.Wait).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Decide(ValidationResult verdict, RequestedRun asked, CancellationToken cancellationToken)
    {
        if (!verdict.IsAccepted) return unstarted.Refused(asked, Refusal.Of(verdict));
        GuardedScript accepted = asked.Rewrite is { } rewrite ? rewrite(examiner.GuardOf(asked.Options), verdict.Script) : verdict.Script;
        (GuardedScript script, asked) = tools.Give(accepted, asked);
        if (settings.Limits.TooLarge(script.Code, asked.Globals) is { } tooLarge) return unstarted.Refused(asked, tooLarge);
        if (verdict.Issues.Count > 0) asked = asked with { Warnings = [.. verdict.Issues.Where(RunWarnings.IsKept)] };
        return scoring is null
            ? submission.Submit(script, asked, cancellationToken)
            : ScoreAndSubmitAsync(scoring, script, asked, cancellationToken);
    }

    private async Task<ExecutionResult> ScoreAndSubmitAsync(
        ScoringQueue scoring, GuardedScript script, RequestedRun asked, CancellationToken cancellationToken)
    {
        ExecutionError? refusal;
        var run = new WaitingRun(asked.Options?.Tenant, script, asked.Globals);
        try
        {
            refusal = await scoring.JudgeAsync(script, asked.Options, run, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            unstarted.Cancelled(asked);
            throw;
        }

        return await (refusal is null ? submission.Submit(script, asked, cancellationToken) : unstarted.Refused(asked, refusal)).ConfigureAwait(false);
    }
}
