using Enclave.JavaScript.RegExp;

namespace Enclave.JavaScript.Tests.RegExp;

/// <summary>Places where the pinned V8 violates the language, and the check does not follow it.</summary>
internal static class EngineDifferences
{
    private static readonly Difference[] s_known =
    [
        new("22.2.1.1, Quantifier: the numbers are compared as they are", "V8 takes every number from 2^31 - 1 on for the same",
            EngineSays.Valid, @"a{2147483648,2147483647}",
            (pattern, ours) => ours.Contains("out of order", StringComparison.Ordinal) && HasLongNumber(pattern)),
        new("22.2.2.9.8, UnicodeMatchPropertyValue: all that PropertyValueAliases.txt lists", "V8 does not know the script that no character has",
            EngineSays.Invalid, @"\p{Script=Hrkt}",
            (pattern, ours) => pattern.Contains("=Hrkt", StringComparison.Ordinal) || pattern.Contains("=Katakana_Or_Hiragana", StringComparison.Ordinal)),
        new("22.2.2.9.7, UnicodeMatchProperty: table 68 gives White_Space the one alias space", "V8 has WSpace too",
            EngineSays.Valid, @"\p{WSpace}",
            (pattern, ours) => pattern.Contains("WSpace", StringComparison.Ordinal)),
    ];

    public static TheoryData<string, string> Examples => [.. s_known.Select((known) => (known.Clause, known.Example))];

    public static bool IsKnown(string pattern, RegExpFault? ours, string? engine)
    {
        EngineSays says = engine is null ? EngineSays.Valid : EngineSays.Invalid;
        return s_known.Any((known) => known.Says == says && known.Covers(pattern, ours?.Message ?? ""));
    }

    // 2147483647 has ten digits.
    private static bool HasLongNumber(string pattern) =>
        Enumerable.Range(0, Math.Max(0, pattern.Length - 9)).Any((at) => pattern.AsSpan(at, 10).IndexOfAnyExceptInRange('0', '9') < 0);

    private enum EngineSays
    {
        Valid,
        Invalid,
    }

    private sealed record Difference(string Clause, string Why, EngineSays Says, string Example, Func<string, string, bool> Covers);
}
