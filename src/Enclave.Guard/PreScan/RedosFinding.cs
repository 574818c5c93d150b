namespace Enclave.Guard.PreScan;

/// <summary>What in a pattern makes its matching slow.</summary>
internal enum RedosShape
{
    /// <summary>An unbounded repetition in another, where the inner can match what several rounds of the outer can.</summary>
    NestedQuantifier,

    /// <summary>A bounded repetition, or optional parts, in an unbounded one.</summary>
    RepetitionInStar,

    /// <summary>An unbounded repetition in a bounded one.</summary>
    StarInRepetition,

    /// <summary>Alternatives in a repetition that match the same text.</summary>
    OverlappingAlternation,

    /// <summary>Two unbounded repetitions, one behind the other, that match the same characters.</summary>
    GreedyBacktracking,

    /// <summary>Two unbounded wildcards in one sequence.</summary>
    MultipleGreedy,

    /// <summary>Two unbounded repetitions whose separator both can match.</summary>
    OverlappingClasses,

    /// <summary>A pattern too long or too deep to be judged.</summary>
    NotAnalysed,
}

/// <summary>The worst that was found in a pattern.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Score">How bad it is, 1 to 100.</param>
/// <param name="Offset">Where in the pattern it begins.</param>
internal readonly record struct RedosFinding(RedosShape Shape, int Score, int Offset)
{
    /// <summary>What it is, for people, to follow a colon.</summary>
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
