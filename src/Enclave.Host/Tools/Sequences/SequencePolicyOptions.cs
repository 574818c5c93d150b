namespace Enclave;

/// <summary>Sequences of tool calls that a run may not make. Only declared effects count, and each run by itself: docs/tool-effects.md.</summary>
/// <remarks>Each rule is a window: null switches the rule off, <see cref="Timeout.InfiniteTimeSpan"/> is the
/// whole run. Range of a window: above zero, up to 24 h.</remarks>
public sealed record SequencePolicyOptions
{
    /// <summary>No rule. The default below STRICT.</summary>
    public static SequencePolicyOptions Off { get; } = new();

    /// <summary>The JavaScript product's windows: 10 s, 10 s, 5 s and 30 s.</summary>
    public static SequencePolicyOptions Standard { get; } = new()
    {
        ReadThenSend = TimeSpan.FromSeconds(10),
        Bulk = TimeSpan.FromSeconds(10),
        RapidEnumeration = TimeSpan.FromSeconds(5),
        DeleteAfterAccess = TimeSpan.FromSeconds(30),
    };

    /// <summary>Every rule over the whole run: waiting does not help a script. The default at STRICT.</summary>
    public static SequencePolicyOptions Strict { get; } = new()
    {
        ReadThenSend = Timeout.InfiniteTimeSpan,
        Bulk = Timeout.InfiniteTimeSpan,
        RapidEnumeration = TimeSpan.FromSeconds(5),
        DeleteAfterAccess = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// How long after a call of a tool with <see cref="ToolOptions.Labels"/> a tool that <see cref="ToolEffects.Sends"/> is refused, unless it is
    /// <see cref="ToolOptions.ClearedFor"/> them. Default: null, off.
    /// </summary>
    public TimeSpan? ReadThenSend { get; init; }

    /// <summary>The time in which a tool's calls count together against its <see cref="ToolOptions.BulkLimits"/>. Default: null, off.</summary>
    public TimeSpan? Bulk { get; init; }

    /// <summary>The time in which calls of one tool count towards <see cref="MaxCallsPerTool"/>. Default: null, off.</summary>
    public TimeSpan? RapidEnumeration { get; init; }

    /// <summary>
    /// Most calls of one tool within <see cref="RapidEnumeration"/>; a tool's own
    /// <see cref="ToolOptions.MaxCallsPerWindow"/> wins. Range: 1 to 1,000,000. Default: 100.
    /// </summary>
    public int MaxCallsPerTool { get; init; } = 100;

    /// <summary>
    /// How long after a tool that <see cref="ToolEffects.Reads"/> a <see cref="ToolOptions.Resource"/> a tool that
    /// <see cref="ToolEffects.Deletes"/> from it is refused. Default: null, off.
    /// </summary>
    public TimeSpan? DeleteAfterAccess { get; init; }
}
