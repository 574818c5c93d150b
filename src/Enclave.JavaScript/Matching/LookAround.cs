namespace Enclave.JavaScript.Matching;

/// <summary>A compiled lookahead or lookbehind. A lookahead is read from its end, so that one way through the text finds all places where it begins.</summary>
internal sealed record LookAround(ExpressionStep[] Steps, LookDirection Direction);
