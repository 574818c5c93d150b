namespace Enclave.JavaScript.RegExp;

/// <summary>Why a regular expression is none.</summary>
/// <param name="Part">Where the place is counted.</param>
/// <param name="Offset">UTF-16 offset in that part.</param>
/// <param name="Message">What is wrong, in one sentence without its place.</param>
internal readonly record struct RegExpFault(RegExpPart Part, int Offset, string Message);

/// <summary>The parts of a regular expression literal (ECMA-262 12.9.5).</summary>
internal enum RegExpPart : byte
{
    /// <summary>What stands between the slashes.</summary>
    Pattern,

    /// <summary>What follows the second slash.</summary>
    Flags,
}
