namespace Enclave.JavaScript.RegExp;

/// <summary>A group that is not closed yet; the first stands for the whole pattern.</summary>
/// <param name="Start">Offset of its parenthesis.</param>
/// <param name="After">What may follow it.</param>
/// <param name="FirstName">How many names were declared before it.</param>
/// <param name="AlternativeName">How many names were declared before its current alternative.</param>
internal readonly record struct OpenGroup(int Start, Quantifiable After, int FirstName, int AlternativeName);

/// <summary>Whether a quantifier may follow a term.</summary>
internal enum Quantifiable : byte
{
    /// <summary>No: it is an assertion.</summary>
    No,

    /// <summary>Yes.</summary>
    Yes,
}
