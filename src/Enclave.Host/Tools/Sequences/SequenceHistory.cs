using Enclave.Protocol;

namespace Enclave.Tools.Sequences;

/// <summary>The declared calls of one run so far, which decide about the next one. Calls come one at a time, in the order of their ids.</summary>
/// <remarks>It stores only what the rules need: the last read of each label and resource, and each tool's calls within its window.</remarks>
internal sealed class SequenceHistory(SequencePolicyOptions options, TimeProvider clock)
{
    private readonly Dictionary<string, PastCall> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PastCall> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CallWindow> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tool, string Path), CallWindow> _amounts = [];

    /// <summary>Why this call is refused; null if it is not. An accepted call becomes part of the history.</summary>
    /// <param name="id">The number of the call.</param>
    /// <param name="tool">The declaration of its tool.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="age">How long ago it was made.</param>
    public SequenceFinding? Judge(uint id, EffectDeclaration tool, ScriptValue args, TimeSpan age = default)
    {
        var call = new PastCall(id, tool.Tool, At(age));
        long[] amounts = AmountsOf(tool, args);
        SequenceFinding? finding = ReadThenSend(call, tool) ?? Bulk(call, tool, amounts) ?? RapidEnumeration(call, tool) ?? DeleteAfterAccess(call, tool);
        if (finding is null) Keep(call, tool, amounts);
        return finding;
    }

    /// <summary>Makes a call part of the history that was accepted this long ago.</summary>
    public void Remember(uint id, EffectDeclaration tool, ScriptValue args, TimeSpan age)
    {
        var call = new PastCall(id, tool.Tool, At(age));
        Keep(call, tool, AmountsOf(tool, args));
    }

    private long At(TimeSpan age) => clock.GetTimestamp() - (long)(Math.Max(0, age.TotalSeconds) * clock.TimestampFrequency);

    private long[] AmountsOf(EffectDeclaration tool, ScriptValue args) =>
        options.Bulk is null ? [] : [.. tool.BulkLimits.Select((limit) => BulkAmount.At(args, limit.Path, limit.Shape))];

    private SequenceFinding? ReadThenSend(PastCall call, EffectDeclaration tool)
    {
        if (options.ReadThenSend is not { } window || !tool.Effects.HasFlag(ToolEffects.Sends)) return null;
        (string? label, PastCall read) = (null, default);
        foreach ((string known, PastCall at) in _labels)
        {
            if (tool.ClearedFor.Contains(known) || !IsWithin(window, at, call)) continue;
            // Report the latest read, because it explains the most. If it has several labels, report the first by name.
            if (label is null || at.Id > read.Id || (at.Id == read.Id && string.CompareOrdinal(known, label) < 0)) (label, read) = (known, at);
        }

        if (label is null) return null;
        return new SequenceFinding(
            nameof(SequencePolicyOptions.ReadThenSend),
            $"it sends, and {Earlier(read, call)} read data labelled {label}, for which {tool.Tool} is not cleared (rule ReadThenSend, {Named(window)}). " +
            $"The operator may declare {tool.Tool} ClearedFor {label}, or change SequencePolicy.ReadThenSend");
    }

    private SequenceFinding? Bulk(PastCall call, EffectDeclaration tool, long[] amounts)
    {
        if (options.Bulk is not { } window) return null;
        for (int i = 0; i < amounts.Length; i++)
        {
            (string path, long most, _) = tool.BulkLimits[i];
            string remedy = $"Ask for less; the operator may raise BulkLimits[\"{path}\"] of {tool.Tool}, or change SequencePolicy.Bulk";
            if (amounts[i] > most)
            {
                string asked = amounts[i] == BulkAmount.Everything ? "has no end" : $"asks for {amounts[i]}";
                return new SequenceFinding(
                    nameof(SequencePolicyOptions.Bulk), $"its argument {path} {asked}, and its bulk limit is {most} (rule Bulk). {remedy}");
            }

            if (amounts[i] == 0 || !_amounts.TryGetValue((tool.Tool, path), out CallWindow? past)) continue;
            past.Forget((at) => !IsWithin(window, at, call));
            if (amounts[i] <= most - past.Sum) continue;
            return new SequenceFinding(
                nameof(SequencePolicyOptions.Bulk),
                $"its argument {path} asks for {amounts[i]}, after {past.Sum} since {Earlier(past.First, call)}, and its bulk limit is {most} (rule Bulk, " +
                $"{Named(window)}). {remedy}");
        }

        return null;
    }

    private SequenceFinding? RapidEnumeration(PastCall call, EffectDeclaration tool)
    {
        if (options.RapidEnumeration is not { } window || !_calls.TryGetValue(tool.Tool, out CallWindow? past)) return null;
        int most = tool.MaxCalls ?? options.MaxCallsPerTool;
        past.Forget((at) => !IsWithin(window, at, call));
        if (past.Count < most) return null;
        return new SequenceFinding(
            nameof(SequencePolicyOptions.RapidEnumeration),
            $"it was called {past.Count} times since {Earlier(past.First, call)}, and {most} is the most (rule RapidEnumeration, {Named(window)}). " +
            $"Ask for more in one call; the operator may raise MaxCallsPerWindow of {tool.Tool}, or change SequencePolicy.RapidEnumeration");
    }

    private SequenceFinding? DeleteAfterAccess(PastCall call, EffectDeclaration tool)
    {
        if (options.DeleteAfterAccess is not { } window || !tool.Effects.HasFlag(ToolEffects.Deletes)) return null;
        if (tool.Resource is not { } resource || !_resources.TryGetValue(resource, out PastCall read) || !IsWithin(window, read, call)) return null;
        return new SequenceFinding(
            nameof(SequencePolicyOptions.DeleteAfterAccess),
            $"it deletes from {resource}, which {Earlier(read, call)} read (rule DeleteAfterAccess, {Named(window)}). " +
            $"The operator may change SequencePolicy.DeleteAfterAccess, or the Resource of {tool.Tool}");
    }

    private void Keep(PastCall call, EffectDeclaration tool, long[] amounts)
    {
        if (options.RapidEnumeration is not null) Window(_calls, tool.Tool).Add(call, 1);
        for (int i = 0; i < amounts.Length; i++)
        {
            if (amounts[i] > 0) Window(_amounts, (tool.Tool, tool.BulkLimits[i].Path)).Add(call, amounts[i]);
        }

        if (!tool.Effects.HasFlag(ToolEffects.Reads)) return;
        foreach (string label in tool.Labels) _labels[label] = call;
        if (tool.Resource is { } resource) _resources[resource] = call;
    }

    private bool IsWithin(TimeSpan window, PastCall past, PastCall call) =>
        window == Timeout.InfiniteTimeSpan || clock.GetElapsedTime(past.At, call.At) <= window;

    private string Earlier(PastCall past, PastCall call) => $"call {past.Id} ({past.Tool}), {Named(clock.GetElapsedTime(past.At, call.At), "")} before,";

    private static string Named(TimeSpan window) => window == Timeout.InfiniteTimeSpan ? "window: the whole run" : Named(window, "window ");

    private static string Named(TimeSpan time, string what) =>
        time.TotalSeconds >= 1 ? $"{what}{time.TotalSeconds:0.###} s" : $"{what}{time.TotalMilliseconds:0.###} ms";

    private static CallWindow Window<T>(Dictionary<T, CallWindow> windows, T key)
        where T : notnull => windows.TryGetValue(key, out CallWindow? known) ? known : windows[key] = new CallWindow();
}
