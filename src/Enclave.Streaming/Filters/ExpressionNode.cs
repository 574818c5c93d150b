namespace Enclave.Streaming.Filters;

/// <summary>A part of a regular expression as it is written.</summary>
internal abstract record ExpressionNode
{
    /// <summary>One character of a set.</summary>
    internal sealed record Character(CharacterSet Set) : ExpressionNode;

    /// <summary>Parts one after the other; none for the empty text.</summary>
    internal sealed record Sequence(IReadOnlyList<ExpressionNode> Parts) : ExpressionNode;

    /// <summary>Any of these.</summary>
    internal sealed record Choice(IReadOnlyList<ExpressionNode> Parts) : ExpressionNode;

    /// <summary>A part several times.</summary>
    /// <param name="Body">The part.</param>
    /// <param name="Min">At least so often.</param>
    /// <param name="Max">At most so often; null for any number.</param>
    internal sealed record Repeat(ExpressionNode Body, int Min, int? Max) : ExpressionNode;

    /// <summary>A condition on a place between two characters.</summary>
    internal sealed record Place(ExpressionStepKind Kind) : ExpressionNode;
}
