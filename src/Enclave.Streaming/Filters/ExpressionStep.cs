namespace Enclave.Streaming.Filters;

/// <summary>One step of a regular expression.</summary>
/// <param name="Kind">Its action.</param>
/// <param name="Set">The characters, where it takes one.</param>
/// <param name="Target">Where a jump goes, and a split beside the next step.</param>
internal readonly record struct ExpressionStep(ExpressionStepKind Kind, CharacterSet? Set = null, int Target = 0);
