namespace Enclave;

/// <summary>Which sequences of tool calls a run may not make. Judged from declared effects alone, each run by itself: docs/tool-effects.md.</summary>
/// <remarks>Each rule is its window: null switches it off, <see cref="Timeout.InfiniteTimeSpan"/> is the whole run. Range of a window: above zero, up to 24 h.</remarks>
public sealed record SequencePolicyOptions
{
    /// <summary>No rule. The default below STRICT.</summary>
    public static SequencePolicyOptions Off { get; } = new();

    /// <summary>The documented product's windows: 10 s, 10 s, 5 s and 30 s.</summary>
    public static SequencePolicyOptions Standard { get; } = new()
    {
        ReadThenSend = TimeSpan.FromSeconds(10),
        Bulk = TimeSpan.FromSeconds(10),
        RapidEnumeration = TimeSpan.FromSeconds(5),
        DeleteAfterAccess = TimeSpan.FromSeconds(30),
    };

    /// <summary>Every rule, over the whole run: a script that waits gains nothing. The default at STRICT.</summary>
    public static SequencePolicyOptions Strict { get; } = new()
    {
        ReadThenSend = Timeout.InfiniteTimeSpan,
        Bulk = Timeout.InfiniteTimeSpan,
        RapidEnumeration = TimeSpan.FromSeconds(5),
        DeleteAfterAccess = Timeout.InfiniteTimeSpan,
    };

    /// <summary>How long after a call of a tool with <see cref="ToolOptions.Labels"/> a tool that <see cref="ToolEffects.Sends"/> is refused, unless it is <see cref="ToolOptions.ClearedFor"/> them. Default: null, off.</summary>
    public TimeSpan? ReadThenSend { get; init; }

    /// <summary>The time within which a tool's <see cref="ToolOptions.BulkLimits"/> count, all its calls together. Default: null, off.</summary>
    public TimeSpan? Bulk { get; init; }

    /// <summary>The time within which calls of one tool count towards <see cref="MaxCallsPerTool"/>. Default: null, off.</summary>
    public TimeSpan? RapidEnumeration { get; init; }

    /// <summary>Most calls of one tool within <see cref="RapidEnumeration"/>; a tool's own <see cref="ToolOptions.MaxCallsPerWindow"/> wins. Range: 1 to 1,000,000. Default: 100.</summary>
    public int MaxCallsPerTool { get; init; } = 100;

    /// <summary>How long after a call of a tool that <see cref="ToolEffects.Reads"/> a <see cref="ToolOptions.Resource"/> one that <see cref="ToolEffects.Deletes"/> of the same is refused. Default: null, off.</summary>
    public TimeSpan? DeleteAfterAccess { get; init; }
}
