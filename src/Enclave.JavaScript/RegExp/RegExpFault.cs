namespace Enclave.JavaScript.RegExp;

/// <summary>The reason why a regular expression is invalid.</summary>
/// <param name="Part">The part that the offset counts in.</param>
/// <param name="Offset">UTF-16 offset in that part.</param>
/// <param name="Message">The error in one sentence, without its place.</param>
internal readonly record struct RegExpFault(RegExpPart Part, int Offset, string Message);

/// <summary>The parts of a regular expression literal (ECMA-262 12.9.5).</summary>
internal enum RegExpPart : byte
{
    /// <summary>The text between the slashes.</summary>
    Pattern,

    /// <summary>The letters behind the second slash.</summary>
    Flags,
}
