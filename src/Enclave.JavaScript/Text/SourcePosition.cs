namespace Enclave.JavaScript.Text;

/// <summary>A place in a text for people: lines count from 1, columns from 0, in UTF-16 units, as in ESTree.</summary>
public readonly record struct SourcePosition(int Line, int Column);
