namespace Enclave.Guard;

/// <summary>What scoring looks at: tool calls and the shape around them. Made from the text alone; nothing has run.</summary>
public sealed class ScriptFeatures
{
    internal ScriptFeatures() { }

    /// <summary>The tool calls, in the order in which they are evaluated where no branch or loop changes it: arguments before the call.</summary>
    public required ImmutableArray<ToolCallFeatures> ToolCalls { get; init; }

    /// <summary>Names of the tools called inside loops, each once; <c>&lt;dynamic&gt;</c> for all whose name is not static.</summary>
    public required ImmutableArray<string> ToolsInLoops { get; init; }

    /// <summary>Static names in the order of <see cref="ToolCalls"/>, with repetitions.</summary>
    public required ImmutableArray<string> ToolSequence { get; init; }

    /// <summary>Number of distinct static names.</summary>
    public required int UniqueTools { get; init; }

    /// <summary>Most loops around a tool call.</summary>
    public required int MaxLoopNesting { get; init; }

    /// <summary>Whether a tool is called for each element of what another tool returned.</summary>
    public required bool IteratesOverToolResults { get; init; }

    /// <summary>The largest number that may be a limit: any under a key such as <c>limit</c> or <c>pageSize</c>, and any above 1,000. 0 without one.</summary>
    public required double MaxLimit { get; init; }

    /// <summary>Longest string in the arguments of tools, in UTF-16 units.</summary>
    public required int MaxStringLength { get; init; }

    /// <summary>Tool calls for each line.</summary>
    public required double ToolCallDensity { get; init; }

    /// <summary>How far one run may fan out. Range: 0 to 100. 15 for each tool in a loop, 10 for each level of nesting, 3 for each call above 5, 15 for each bulk operation.</summary>
    public required int FanOutRisk { get; init; }

    /// <summary>Sensitive words in the arguments of tools, each once, the first 256.</summary>
    public required ImmutableArray<SensitiveField> SensitiveFields { get; init; }

    /// <summary>Lines of the script.</summary>
    public required int LineCount { get; init; }

    /// <summary>SHA-256 of the script's UTF-8, in lower-case hexadecimal.</summary>
    public required string CodeHash { get; init; }

    /// <summary>Where the number behind <see cref="MaxLimit"/> stands: its call.</summary>
    internal SourceLocation? LimitLocation { get; init; }
}
