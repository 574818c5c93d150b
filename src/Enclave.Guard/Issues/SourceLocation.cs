namespace Enclave.Guard;

/// <summary>A stretch of the user's own script. Lines count from 1, columns from 0, in UTF-16 units.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is; 0 for a place.</param>
/// <param name="Line">The line in which it begins.</param>
/// <param name="Column">The column in which it begins.</param>
/// <param name="EndLine">The line in which it ends.</param>
/// <param name="EndColumn">The column behind its end.</param>
public readonly record struct SourceLocation(int Offset, int Length, int Line, int Column, int EndLine, int EndColumn);
