using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.RegExp;

/// <summary>Checks the syntax of regular expressions (ECMA-262 22.2.1, B.1.2) and their early errors. Compiles nothing.</summary>
internal static class RegExpSyntax
{
    /// <summary>The first fault found, or <c>null</c> if the literal is valid.</summary>
    public static RegExpFault? Check(ReadOnlySpan<char> pattern, ReadOnlySpan<char> flags)
    {
        RegExpFault? fault = CheckFlags(flags);
        if (fault is not null) return fault;
        if (flags.Contains('v')) return CheckPattern(pattern, RegExpMode.UnicodeSets);
        return CheckPattern(pattern, flags.Contains('u') ? RegExpMode.Unicode : RegExpMode.Legacy);
    }

    [SkipLocalsInit]
    private static RegExpFault? CheckPattern(ReadOnlySpan<char> pattern, RegExpMode mode)
    {
        Span<OpenGroup> open = stackalloc OpenGroup[PatternCheck.MaxNesting + 1];
        NamedReferences references = mode == RegExpMode.Legacy ? NamedReferences.Off : NamedReferences.On;
        var check = new PatternCheck(pattern, mode, references, open);
        if (!check.Run()) return check.Fault;
        // 22.2.3.4 ParsePattern, as B.1.2 defines it: any group name makes every \k a reference, so the pattern is read again.
        if (references == NamedReferences.On || !check.RereadsWithNames) return null;
        check = new PatternCheck(pattern, mode, NamedReferences.On, open);
        return check.Run() ? null : check.Fault;
    }

    /// <summary>22.2.3.3 RegExpInitialize, which 13.2.7.1 makes an early error of the literal.</summary>
    private static RegExpFault? CheckFlags(ReadOnlySpan<char> flags)
    {
        int seen = 0;
        for (int i = 0; i < flags.Length; i++)
        {
            int bit = "dgimsuvy".IndexOf(flags[i], StringComparison.Ordinal);
            if (bit < 0) return FlagFault(i, $"there is no flag {PatternCheck.Quote(flags, i)}");
            if ((seen & (1 << bit)) != 0) return FlagFault(i, $"'{flags[i]}' is given twice");
            if (flags[i] is 'u' or 'v' && flags[..i].ContainsAny('u', 'v')) return FlagFault(i, "u and v exclude each other");
            seen |= 1 << bit;
        }

        return null;
    }

    private static RegExpFault FlagFault(int offset, string message) =>
        new(RegExpPart.Flags, offset, $"Invalid regular expression flags: {message}");
}
