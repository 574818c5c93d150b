namespace Enclave;

/// <summary>The first place where a replay did something else than its recording.</summary>
public sealed record ReplayDifference
{
    /// <summary>What kind of thing differs.</summary>
    public required ReplayDifferenceKind Kind { get; init; }

    /// <summary>Which tool call or console line, counted from 1; 0 for the result.</summary>
    public required int Number { get; init; }

    /// <summary>What the recording has there, cut short.</summary>
    public required string Recorded { get; init; }

    /// <summary>What the replay has there, cut short.</summary>
    public required string Replayed { get; init; }

    /// <summary>Where in the arguments or the value the first difference lies, as <c>$.a[3]</c>; null when it is not within a value.</summary>
    public string? Path { get; init; }

    /// <summary>The place in words: <c>tool call 2</c>, <c>console line 1</c>, <c>value</c> or <c>error</c>.</summary>
    public string Place => Kind switch
    {
        ReplayDifferenceKind.ToolCall => $"tool call {Number}",
        ReplayDifferenceKind.ConsoleLine => $"console line {Number}",
        ReplayDifferenceKind.Value => "value",
        _ => "error",
    };

    /// <summary>One sentence.</summary>
    public override string ToString() => $"{Place}{(Path is null ? "" : $", at {Path}")}: recorded {Recorded}, replayed {Replayed}";
}
