using System.Globalization;

namespace Enclave.Models;

/// <summary>Describes a tool beyond its types for a model: its declarations and limits.</summary>
internal static class ToolNotes
{
    /// <param name="tool">The tool.</param>
    /// <param name="rules">The rules of a run. Declarations that no rule uses are left out.</param>
    public static IEnumerable<string> Of(ToolDefinition tool, SequencePolicyOptions rules)
    {
        ToolOptions options = tool.Options;
        if (tool.Description is { Length: > 0 } description) yield return description.TrimEnd().EndsWith('.') ? description.Trim() : $"{description.Trim()}.";
        if (options.Effects != ToolEffects.None && !options.AreEffectsAssumed) yield return $"It {Effects(options)}.";
        if (options.MaxCalls is { } calls) yield return $"At most {calls} calls in one script.";
        if (rules.RapidEnumeration is { } window && tool.Declaration is not null)
            yield return $"At most {options.MaxCallsPerWindow ?? rules.MaxCallsPerTool} calls within {Time(window)}.";
        if (rules.Bulk is { } bulk)
        {
            foreach ((string path, long most) in options.BulkLimits.OrderBy((limit) => limit.Key, StringComparer.Ordinal))
                yield return $"All calls within {Time(bulk)} together may ask for at most {most} by {path}.";
        }

        if (options.RateLimit is { } rate) yield return $"At most {rate.Calls} calls within {Time(rate.Window)}, other scripts' calls included.";
        if (options.Timeout is { } timeout) yield return $"It answers within {Time(timeout)} or fails.";
        if (options.RequiresApproval) yield return "A person has to approve each call.";
    }

    /// <summary>Describes the refused sequences in general.</summary>
    public static IEnumerable<string> Rules(SequencePolicyOptions rules)
    {
        if (rules.ReadThenSend is { } send)
            yield return $"Within {Time(send)} of reading data with a label, tools that send refuse, unless they are cleared for it: send first, or leave it.";
        if (rules.DeleteAfterAccess is { } delete) yield return $"Within {Time(delete)} of reading from something, tools that delete from it refuse.";
    }

    private static string Effects(ToolOptions options)
    {
        string of = options.Resource is { } resource ? $" {resource}" : "", from = options.Resource is null ? "" : $" from {options.Resource}";
        string[] effects =
        [
            .. options.Effects.HasFlag(ToolEffects.Reads) ? [$"reads{of}{Words(options.Labels, "labelled")}"] : (string[])[],
            .. options.Effects.HasFlag(ToolEffects.Writes) ? [$"writes{of}"] : (string[])[],
            .. options.Effects.HasFlag(ToolEffects.Sends) ? [$"sends{Words(options.ClearedFor, "cleared for")}"] : (string[])[],
            .. options.Effects.HasFlag(ToolEffects.Deletes) ? [$"deletes{from}"] : (string[])[],
        ];
        return string.Join(", ", effects);
    }

    private static string Words(IReadOnlyCollection<string> labels, string what) =>
        labels.Count == 0 ? "" : $" ({what} {string.Join(", ", labels.Order(StringComparer.Ordinal))})";

    private static string Time(TimeSpan time) => time == Timeout.InfiniteTimeSpan
        ? "one script"
        : time.TotalSeconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s") : $"{time.TotalMilliseconds:0.###} ms";
}
