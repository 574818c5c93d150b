namespace Enclave;

/// <summary>The first place where a replay differs from its recording.</summary>
public sealed record ReplayDifference
{
    /// <summary>The kind of step that differs.</summary>
    public required ReplayDifferenceKind Kind { get; init; }

    /// <summary>The number of the tool call or console line, from 1; 0 for the result.</summary>
    public required int Number { get; init; }

    /// <summary>The recorded step, shortened.</summary>
    public required string Recorded { get; init; }

    /// <summary>The replayed step, shortened.</summary>
    public required string Replayed { get; init; }

    /// <summary>The path of the first difference in the arguments or the value, as in <c>$.a[3]</c>; null if it is not within a value.</summary>
    public string? Path { get; init; }

    /// <summary>The recorded part at <see cref="Path"/>, shortened; null without a path.</summary>
    public string? RecordedPart { get; init; }

    /// <summary>The replayed part at <see cref="Path"/>, shortened; null without a path.</summary>
    public string? ReplayedPart { get; init; }

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
