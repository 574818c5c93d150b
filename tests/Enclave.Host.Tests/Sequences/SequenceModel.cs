using Enclave.Tools;

namespace Enclave.Host.Tests.Sequences;

/// <summary>The rules as docs/tool-effects.md states them. It keeps every call and checks all of them each time.</summary>
internal static class SequenceModel
{
    /// <summary>The rule that refuses a call after these; null if none does.</summary>
    public static string? Judge(SequencePolicyOptions rules, List<ModelCall> past, ModelCall call)
    {
        bool Within(TimeSpan? window, ModelCall earlier) => window == Timeout.InfiniteTimeSpan || TimeSpan.FromTicks(call.At - earlier.At) <= window;
        bool Same(ModelCall earlier) => earlier.Tool.Tool == call.Tool.Tool;
        EffectDeclaration tool = call.Tool;
        if (rules.ReadThenSend is { } send && tool.Effects.HasFlag(ToolEffects.Sends)
            && past.Exists((earlier) => Within(send, earlier) && Reads(earlier) && earlier.Tool.Labels.Except(tool.ClearedFor).Any())) return "ReadThenSend";
        if (rules.Bulk is { } bulk)
        {
            foreach ((string path, long most, _) in tool.BulkLimits)
            {
                // A call that asks for nothing adds nothing to the sum.
                long asked = call.Amount(path);
                if (asked > 0 && asked + past.Where((earlier) => Same(earlier) && Within(bulk, earlier)).Sum((earlier) => earlier.Amount(path)) > most)
                    return "Bulk";
            }
        }

        if (rules.RapidEnumeration is { } rapid && past.Count((earlier) => Same(earlier) && Within(rapid, earlier)) >= (tool.MaxCalls ?? rules.MaxCallsPerTool))
            return "RapidEnumeration";
        if (rules.DeleteAfterAccess is { } delete && tool.Effects.HasFlag(ToolEffects.Deletes) && tool.Resource is { } resource
            && past.Exists((earlier) => Within(delete, earlier) && Reads(earlier) && earlier.Tool.Resource == resource)) return "DeleteAfterAccess";
        return null;
    }

    private static bool Reads(ModelCall call) => call.Tool.Effects.HasFlag(ToolEffects.Reads);
}

/// <summary>A call with its arguments <c>limit</c> and <c>page.ids</c>.</summary>
internal sealed record ModelCall(uint Id, EffectDeclaration Tool, long At, int Limit, int Ids)
{
    public long Amount(string path) => path == "limit" ? Limit : Ids;
}
