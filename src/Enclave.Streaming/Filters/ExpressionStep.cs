namespace Enclave.Streaming.Filters;

/// <summary>One step of a regular expression.</summary>
/// <param name="Kind">Its action.</param>
/// <param name="Set">The characters, for a step that matches one.</param>
/// <param name="Target">The target of a jump, or the second target of a split.</param>
internal readonly record struct ExpressionStep(ExpressionStepKind Kind, CharacterSet? Set = null, int Target = 0);
