using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Scoring;

/// <summary>The eight fixed rules, with the scores and caps of the reference source.</summary>
internal static class FixedRules
{
    private const int Shown = 5;

    /// <summary>The rules, in the order of the table in docs/scoring.md.</summary>
    public static ImmutableArray<Func<ScriptFeatures, WorkMeter?, ScoreSignal?>> All { get; } =
        [SensitiveField, ExcessiveLimit, WildcardQuery, LoopToolCall, ListSend, ExtremeValue, DynamicTool, BulkOperation];

    /// <summary>The documented names, with the reference source's ids.</summary>
    public static ImmutableArray<(string Name, string Id)> Names { get; } =
    [
        ("sensitive-field", "SENSITIVE_FIELD"), ("excessive-limit", "EXCESSIVE_LIMIT"), ("wildcard-query", "WILDCARD_QUERY"),
        ("loop-tool-call", "LOOP_TOOL_CALL"),
        ("list-send-pattern", "EXFIL_PATTERN"), ("extreme-value", "EXTREME_VALUE"), ("dynamic-tool", "DYNAMIC_TOOL"), ("bulk-operation", "BULK_OPERATION"),
    ];

    /// <summary>The signals of a script.</summary>
    /// <exception cref="WorkLimitException">The meter's limit is reached.</exception>
    public static ImmutableArray<ScoreSignal> Find(ScriptFeatures features, WorkMeter? meter) =>
        [.. All.Select((rule) => rule(features, meter)).OfType<ScoreSignal>()];

    private static ScoreSignal? SensitiveField(ScriptFeatures features, WorkMeter? meter)
    {
        if (features.SensitiveFields is not [{ } first, ..]) return null;
        ImmutableArray<SensitiveCategory> categories = [.. features.SensitiveFields.Select((field) => field.Category).Distinct().Order()];
        ImmutableArray<string> fields = [.. features.SensitiveFields.Select((field) => field.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
        int score = 35 + categories.Sum(Bonus) + (5 * (fields.Length - 1));
        return new ScoreSignal("sensitive-field", Math.Min(score, 60), $"Names sensitive data: {List(fields)}")
        {
            Location = first.Location,
            Context = Details(("fields", fields), ("categories", categories.Select((category) => category.ToString().ToLowerInvariant()).ToImmutableArray())),
        };
    }

    private static int Bonus(SensitiveCategory category) => category switch
    {
        SensitiveCategory.Pii => 15,
        SensitiveCategory.Internal => 10,
        _ => 20,
    };

    private static ScoreSignal? ExcessiveLimit(ScriptFeatures features, WorkMeter? meter)
    {
        if (features.MaxLimit <= 10_000) return null;
        int score = 25 + (features.MaxLimit > 100_000 ? 10 : 0) + (features.MaxLimit > 1_000_000 ? 15 : 0);
        return new ScoreSignal("excessive-limit", score, $"Asks for up to {Number(features.MaxLimit)}")
        {
            Location = features.LimitLocation,
            Context = Details(("maxLimit", features.MaxLimit)),
        };
    }

    private static ScoreSignal? WildcardQuery(ScriptFeatures features, WorkMeter? meter)
    {
        ToolCallFeatures? call = Calls(features, meter).FirstOrDefault(
            (call) => call.HasWildcard || (call.IsUnfiltered && call.ToolName is { } name && ToolNames.IsQuery(name)));
        return call is null
            ? null
            : new ScoreSignal("wildcard-query", 20, call.HasWildcard ? "Asks for everything: a wildcard" : "Asks for everything: a query without a condition")
            {
                Location = call.Location,
                Context = Details(("tool", call.ToolName ?? ToolNames.Dynamic)),
            };
    }

    private static ScoreSignal? LoopToolCall(ScriptFeatures features, WorkMeter? meter)
    {
        if (features.ToolsInLoops.IsEmpty) return null;
        int score = (25 * features.ToolsInLoops.Length) + (10 * (features.MaxLoopNesting - 1)) + (features.IteratesOverToolResults ? 15 : 0);
        return new ScoreSignal("loop-tool-call", Math.Min(score, 50), $"Calls tools inside loops: {List(features.ToolsInLoops)}")
        {
            Location = Calls(features, meter).First((call) => call.LoopDepth > 0).Location,
            Context = Details(
                ("tools", features.ToolsInLoops), ("maxLoopNesting", features.MaxLoopNesting), ("iteratesOverToolResults", features.IteratesOverToolResults)),
        };
    }

    private static ScoreSignal? ListSend(ScriptFeatures features, WorkMeter? meter)
    {
        ToolCallFeatures? previous = null;
        foreach (ToolCallFeatures call in Calls(features, meter))
        {
            if (call.ToolName is null) continue;
            if (previous is not null && ToolNames.CarriesAway(previous.ToolName!, call.ToolName))
            {
                return new ScoreSignal("list-send-pattern", 50, $"Obtains data and sends it away: {Cut(previous.ToolName!)}, then {Cut(call.ToolName)}")
                {
                    Id = "EXFIL_PATTERN",
                    Location = call.Location,
                    Context = Details(("from", previous.ToolName!), ("to", call.ToolName)),
                };
            }

            previous = call;
        }

        return null;
    }

    private static ScoreSignal? ExtremeValue(ScriptFeatures features, WorkMeter? meter)
    {
        ToolCallFeatures? call = Calls(features, meter).FirstOrDefault((call) => call.LargestNumber > 1_000_000);
        return call is null ? null : new ScoreSignal("extreme-value", 30, $"Gives a tool the number {Number(call.LargestNumber)}")
        {
            Location = call.Location,
            Context = Details(("tool", call.ToolName ?? ToolNames.Dynamic), ("value", call.LargestNumber)),
        };
    }

    private static ScoreSignal? DynamicTool(ScriptFeatures features, WorkMeter? meter)
    {
        int count = features.ToolCalls.Length - features.ToolSequence.Length;
        return count == 0
            ? null
            : new ScoreSignal("dynamic-tool", Math.Min(40, 20 * Math.Min(count, 2)), $"Calls tools by names that only the running script knows ({count})")
            {
                Location = Calls(features, meter).First((call) => call.ToolName is null).Location,
                Context = Details(("count", count)),
            };
    }

    private static ScoreSignal? BulkOperation(ScriptFeatures features, WorkMeter? meter)
    {
        ImmutableArray<ToolCallFeatures> calls = [.. Calls(features, meter).Where((call) => call.ToolName is { } name && ToolNames.IsBulk(name))];
        if (calls.IsEmpty) return null;
        ImmutableArray<string> tools = [.. calls.Select((call) => call.ToolName!).Distinct(StringComparer.Ordinal)];
        return new ScoreSignal("bulk-operation", Math.Min(30, 15 * Math.Min(calls.Length, 2)), $"Works on many things at once: {List(tools)}")
        {
            Location = calls[0].Location,
            Context = Details(("tools", tools)),
        };
    }

    /// <summary>The calls. Each is a step, because rules look at the words of its name.</summary>
    private static IEnumerable<ToolCallFeatures> Calls(ScriptFeatures features, WorkMeter? meter)
    {
        foreach (ToolCallFeatures call in features.ToolCalls)
        {
            meter?.Step();
            yield return call;
        }
    }

    private static ImmutableDictionary<string, object> Details(params ReadOnlySpan<(string Key, object Value)> details)
    {
        ImmutableDictionary<string, object>.Builder builder = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach ((string key, object value) in details)
        {
            // The result is cached: a script with ten thousand tools must not make it large.
            builder[key] = value is ImmutableArray<string> list ? list.Take(64).Select(Cut).ToImmutableArray() : value is string text ? Cut(text) : value;
        }

        return builder.ToImmutable();
    }

    private static string List(ImmutableArray<string> names) => string.Join(", ", names.Take(Shown).Select(Cut)) + (names.Length > Shown ? ", …" : "");

    private static string Cut(string name) => name.Length > 64 ? name[..64] : name;

    private static string Number(double value) =>
        value.ToString("#,0.###", CultureInfo.InvariantCulture) is { Length: <= 32 } text ? text : value.ToString("R", CultureInfo.InvariantCulture);
}
