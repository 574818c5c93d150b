namespace Enclave.JavaScript.RegExp;

/// <summary>A group that is not closed yet. The first one stands for the whole pattern.</summary>
/// <param name="Start">Offset of its parenthesis.</param>
/// <param name="After">Says if a quantifier may follow it.</param>
/// <param name="FirstName">The number of names declared before it.</param>
/// <param name="AlternativeName">The number of names declared before its current alternative.</param>
internal readonly record struct OpenGroup(int Start, Quantifiable After, int FirstName, int AlternativeName);

/// <summary>Says if a quantifier may follow a term.</summary>
internal enum Quantifiable : byte
{
    /// <summary>No: the term is an assertion.</summary>
    No,

    /// <summary>Yes.</summary>
    Yes,
}
