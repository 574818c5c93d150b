using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Answers <c>limits.remaining()</c>. It is a call like those of tools, and counts as one.</summary>
/// <param name="run">The run.</param>
/// <param name="next">Gets all other calls.</param>
internal sealed class LimitsTool(RunOptions run, IToolInvoker next) : IToolInvoker
{
    /// <inheritdoc/>
    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => call.Name == ReservedCalls.Remaining ? new(AnswerAsync(call)) : next.CallAsync(call);

    /// <inheritdoc/>
    public bool TakesAtOnce(ToolInvocation call) => call.Name != ReservedCalls.Remaining && next.TakesAtOnce(call);

    private async Task<ScriptValue> AnswerAsync(ToolInvocation call)
    {
        JobSession session = call.Job.Session!;
        IReadOnlyDictionary<string, double>? quotas = run.QuotasLeft is { } ask ? await ask(call.Context.CancellationToken).ConfigureAwait(false) : null;
        return ScriptValue.From(new Dictionary<string, object?>
        {
            ["calls"] = session.CallsLeft,
            ["time"] = Math.Floor(session.WallClock.Left.TotalMilliseconds),
            ["quotas"] = (quotas ?? new Dictionary<string, double>()).ToDictionary((one) => one.Key, object? (one) => one.Value, StringComparer.Ordinal),
        });
    }
}
