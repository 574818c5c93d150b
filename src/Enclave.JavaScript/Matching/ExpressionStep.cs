namespace Enclave.JavaScript.Matching;

/// <summary>One step of a regular expression.</summary>
/// <param name="Kind">Its action.</param>
/// <param name="Set">The characters, for a step that matches one.</param>
/// <param name="Target">The target of a jump, the second target of a split, or the number of a lookaround.</param>
internal readonly record struct ExpressionStep(ExpressionStepKind Kind, CharacterSet? Set = null, int Target = 0);
