namespace Enclave.Guard;

/// <summary>The features that scorers see: tool calls and the loops around them. They come from the text alone, before the script runs.</summary>
public sealed class ScriptFeatures
{
    internal ScriptFeatures() { }

    /// <summary>The tool calls in order of evaluation, apart from branches and loops: calls in arguments come before the call that takes them.</summary>
    public required ImmutableArray<ToolCallFeatures> ToolCalls { get; init; }

    /// <summary>Names of the tools called inside loops, each once. <c>&lt;dynamic&gt;</c> stands for all tools without a static name.</summary>
    public required ImmutableArray<string> ToolsInLoops { get; init; }

    /// <summary>Static names in the order of <see cref="ToolCalls"/>, with repetitions.</summary>
    public required ImmutableArray<string> ToolSequence { get; init; }

    /// <summary>Number of distinct static names.</summary>
    public required int UniqueTools { get; init; }

    /// <summary>The most loops around one tool call.</summary>
    public required int MaxLoopNesting { get; init; }

    /// <summary>True if a tool is called for each element of what another tool returned.</summary>
    public required bool IteratesOverToolResults { get; init; }

    /// <summary>
    /// The largest number that may be a limit: any number under a key such as <c>limit</c> or
    /// <c>pageSize</c>, and any other above 1,000. 0 if there is none.
    /// </summary>
    public required double MaxLimit { get; init; }

    /// <summary>The longest string in the arguments of tools, in UTF-16 units.</summary>
    public required int MaxStringLength { get; init; }

    /// <summary>Tool calls per line.</summary>
    public required double ToolCallDensity { get; init; }

    /// <summary>
    /// An estimate of the number of calls that one run may make. Range: 0 to 100. 15 for each tool in a loop, 10 for each level of nesting, 3 for each
    /// call above 5, 15 for each bulk operation.
    /// </summary>
    public required int FanOutRisk { get; init; }

    /// <summary>Sensitive words in the arguments of tools, each once, the first 256.</summary>
    public required ImmutableArray<SensitiveField> SensitiveFields { get; init; }

    /// <summary>The number of lines of the script.</summary>
    public required int LineCount { get; init; }

    /// <summary>SHA-256 of the script's UTF-8, in lower-case hexadecimal.</summary>
    public required string CodeHash { get; init; }

    /// <summary>False if values behind names are missing, because reading them again and again takes too long.</summary>
    internal bool IsWhole { get; init; } = true;

    /// <summary>The place of the call whose number is <see cref="MaxLimit"/>.</summary>
    internal SourceLocation? LimitLocation { get; init; }
}
