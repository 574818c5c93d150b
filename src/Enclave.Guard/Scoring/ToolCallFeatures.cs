namespace Enclave.Guard;

/// <summary>A tool call as the text shows it.</summary>
public sealed record ToolCallFeatures
{
    /// <summary>The tool's name; null if it is known only at run time.</summary>
    public string? ToolName { get; init; }

    /// <summary>Keys of objects in the arguments, at every level, in the order of the text. The first 64.</summary>
    public ImmutableArray<string> ArgumentKeys { get; init; } = [];

    /// <summary>Strings in the arguments, cut at 256 UTF-16 units; the first 64.</summary>
    public ImmutableArray<string> StringLiterals { get; init; } = [];

    /// <summary>Numbers in the arguments; the first 64.</summary>
    public ImmutableArray<double> NumericLiterals { get; init; } = [];

    /// <summary>
    /// The number of loops around the call: statements, callbacks that run once for each element, and loops
    /// around the functions through which it is called. 0 outside loops.
    /// </summary>
    public int LoopDepth { get; init; }

    /// <summary>Where the call stands in the script.</summary>
    public SourceLocation Location { get; init; }

    /// <summary>True if the call has no filter: no arguments, or an empty object.</summary>
    internal bool IsUnfiltered { get; init; }

    /// <summary>True if a string in the arguments is <c>*</c>, <c>**</c> or <c>%</c>.</summary>
    internal bool HasWildcard { get; init; }

    /// <summary>The largest number in the arguments, even beyond the first 64; 0 if there is none.</summary>
    internal double LargestNumber { get; init; }
}
