namespace Enclave.Guard;

/// <summary>A range of the user's own script. Lines count from 1, columns from 0, in UTF-16 units.</summary>
/// <param name="Offset">Where the range begins.</param>
/// <param name="Length">The length of the range; 0 for a single place.</param>
/// <param name="Line">The line in which the range begins.</param>
/// <param name="Column">The column in which the range begins.</param>
/// <param name="EndLine">The line in which the range ends.</param>
/// <param name="EndColumn">The column behind the end of the range.</param>
public readonly record struct SourceLocation(int Offset, int Length, int Line, int Column, int EndLine, int EndColumn);
