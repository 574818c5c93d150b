namespace Enclave;

/// <summary>An entry of the timeline of an explained run.</summary>
public sealed record ExplainedEvent
{
    /// <summary><c>call</c>, <c>answer</c> and <c>failure</c> of a tool, <c>console</c>, or <c>end</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The time since the run began. It advances with the answers of tools: all events between two answers have one time.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The call's tool and arguments, the answer, or the line, shortened.</summary>
    public required string Text { get; init; }

    /// <summary>The number of the tool call; null for others.</summary>
    public int? Call { get; init; }

    /// <summary>The line of the script that did it; null if the trace does not reach as far.</summary>
    public int? Line { get; init; }
}
