namespace Enclave.JavaScript.Matching;

/// <summary>A node of a parsed regular expression.</summary>
internal abstract record ExpressionNode
{
    /// <summary>One character of a set.</summary>
    internal sealed record Character(CharacterSet Set) : ExpressionNode;

    /// <summary>Parts one after the other; none for the empty text.</summary>
    internal sealed record Sequence(IReadOnlyList<ExpressionNode> Parts) : ExpressionNode;

    /// <summary>Any one of these.</summary>
    internal sealed record Choice(IReadOnlyList<ExpressionNode> Parts) : ExpressionNode;

    /// <summary>A repeated part.</summary>
    /// <param name="Body">The part.</param>
    /// <param name="Min">Minimum number of repetitions.</param>
    /// <param name="Max">Maximum number of repetitions; null for any number.</param>
    internal sealed record Repeat(ExpressionNode Body, int Min, int? Max) : ExpressionNode;

    /// <summary>A condition on what stands before or behind a position.</summary>
    /// <param name="Kind">Says whether the body must match or must not match.</param>
    internal sealed record Look(ExpressionNode Body, LookDirection Direction, ExpressionStepKind Kind) : ExpressionNode;

    /// <summary>A condition on a position between two characters.</summary>
    internal sealed record Position(ExpressionStepKind Kind) : ExpressionNode;
}
