using Enclave.Guard;
using Enclave.JavaScript.Text;
using Enclave.Limits;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave;

/// <summary>The guard's judgement of a run's script, with the names of its tools.</summary>
/// <param name="guard">The guard.</param>
/// <param name="registry">The host's tools.</param>
/// <param name="large">The queue of large scripts.</param>
internal sealed class ScriptExaminer(ScriptGuard guard, ToolRegistry registry, ExaminationQueue large)
{
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValidationResult Examine(RequestedRun asked, CancellationToken cancellationToken)
    {
        ValidationResult verdict = guard.Examine(asked.Code, asked.GlobalNames, asked.Options?.Tenant, ScriptLanguages.Of(asked.Options), cancellationToken);
        // If calls are answered elsewhere, the names are known there.
        if (!verdict.IsAccepted || verdict.Script.NamespaceCalls.Length == 0 || asked.Hooks.Tools is not null) return verdict;
        Func<string, WorkMeter, string?> whyNot = registry.WhyNot(asked.Options);
        return guard.ExamineFurther(verdict.Script, (script, meter) => UnknownTools.Find(script, whyNot, meter), cancellationToken) ?? verdict;
    }

    /// <summary>Examines a large script when its turn comes, not on the caller's thread.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public Task<ExaminationOutcome> ExamineLargeAsync(RequestedRun asked, CancellationToken cancellationToken) =>
        large.ExamineAsync(() => Examine(asked, cancellationToken), asked.Options?.Tenant, cancellationToken);
}
