namespace Enclave.Guard.PreScan;

/// <summary>The reason why a pattern is slow to match.</summary>
internal enum RedosShape
{
    /// <summary>An unbounded repetition inside another one, and the inner can match the text of several rounds of the outer.</summary>
    NestedQuantifier,

    /// <summary>A bounded repetition, or optional parts, inside an unbounded one.</summary>
    RepetitionInStar,

    /// <summary>An unbounded repetition inside a bounded one.</summary>
    StarInRepetition,

    /// <summary>Alternatives inside a repetition that match the same text.</summary>
    OverlappingAlternation,

    /// <summary>Two unbounded repetitions in a row that match the same characters.</summary>
    GreedyBacktracking,

    /// <summary>Two unbounded wildcards in one sequence.</summary>
    MultipleGreedy,

    /// <summary>Two unbounded repetitions that both match the separator between them.</summary>
    OverlappingClasses,

    /// <summary>The pattern is too long or too deep to analyse.</summary>
    NotAnalysed,
}

/// <summary>The worst finding in a pattern.</summary>
/// <param name="Shape">The reason.</param>
/// <param name="Score">The severity, 1 to 100.</param>
/// <param name="Offset">The offset in the pattern.</param>
internal readonly record struct RedosFinding(RedosShape Shape, int Score, int Offset)
{
    /// <summary>The reason in words, to follow a colon.</summary>
    public string Reason => Shape switch
    {
        RedosShape.NestedQuantifier => "a repetition stands in a repetition, and both can match the same text",
        RedosShape.RepetitionInStar => "a repetition holds parts of varying length that can match the same text",
        RedosShape.StarInRepetition => "a repetition without an end stands in a counted one, and both can match the same text",
        RedosShape.OverlappingAlternation => "alternatives in a repetition can match the same text",
        RedosShape.GreedyBacktracking => "two repetitions that follow each other can match the same text",
        RedosShape.MultipleGreedy => "two wildcard repetitions stand in one sequence",
        RedosShape.OverlappingClasses => "what separates two repetitions can be matched by both",
        _ => "it is too long or too deep to be judged",
    };
}
