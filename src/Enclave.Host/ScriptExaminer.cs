using Enclave.Guard;
using Enclave.Limits;
using Enclave.Runs;
using Enclave.Tools;
using Enclave.Tools.Calls;

namespace Enclave;

/// <summary>The guard's judgement of scripts, with the tools that a run has.</summary>
/// <param name="guard">The guard.</param>
/// <param name="tools">The host's tools.</param>
/// <param name="calls">Compares calls with the schemas of tools.</param>
internal sealed class ScriptExaminer(ScriptGuard guard, HostTools tools, ToolCallCheck calls)
{
    /// <summary>Judges a script without running it.</summary>
    public ValidationResult Validate(string code, IReadOnlyCollection<string> globals, RunOptions? run)
    {
        ValidationResult verdict = guard.Validate(code, globals, run?.Tenant, ScriptLanguages.Of(run));
        // Its tree is needed to look at its calls.
        if (verdict.Valid && tools.Registry.HasTools(run))
            verdict = WithCalls(guard.Examine(code, globals, run?.Tenant, ScriptLanguages.Of(run)), run, CallDoubts.None, CancellationToken.None);
        return new ValidationResult(verdict.Valid, verdict.Issues);
    }

    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValidationResult Examine(RequestedRun asked, CancellationToken cancellationToken)
    {
        ValidationResult verdict = guard.Examine(asked.Code, asked.GlobalNames, asked.Options?.Tenant, ScriptLanguages.Of(asked.Options), cancellationToken);
        // If calls are answered elsewhere, their tools are known there.
        if (asked.Hooks.Tools is not null || asked.Determinism is IToolInvoker || asked.Options?.Session is { OutsideTools.Count: > 0 }) return verdict;
        // A run that goes on after a wait has made its first calls, when its tools may have been others.
        return WithCalls(verdict, asked.Options, asked.Determinism is null ? CallDoubts.None : CallDoubts.Arguments, cancellationToken);
    }

    private ValidationResult WithCalls(ValidationResult verdict, RunOptions? run, CallDoubts doubts, CancellationToken cancellationToken)
    {
        if (!verdict.IsAccepted || verdict.Script.Tools.IsEmpty || !tools.Registry.HasTools(run)) return verdict;
        // The operator's policy may change a call, and a sidecar an answer.
        if (tools.Outer is not null) doubts |= CallDoubts.Arguments;
        if (tools.Sidecar is not null) doubts |= CallDoubts.Answers;
        return calls.Compare(verdict, run, doubts, cancellationToken);
    }
}
