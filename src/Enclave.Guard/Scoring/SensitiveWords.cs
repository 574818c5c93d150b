using System.Collections.Frozen;

namespace Enclave.Guard.Scoring;

/// <summary>Finds words that name sensitive data. Only whole words count: <c>author</c> and <c>shipping</c> do not match.</summary>
internal static class SensitiveWords
{
    private static readonly FrozenDictionary<string, SensitiveCategory> s_words = new Dictionary<string, SensitiveCategory>(StringComparer.Ordinal)
    {
        ["password"] = SensitiveCategory.Authentication,
        ["token"] = SensitiveCategory.Authentication,
        ["secret"] = SensitiveCategory.Authentication,
        ["apikey"] = SensitiveCategory.Authentication,
        ["auth"] = SensitiveCategory.Authentication,
        ["oauth"] = SensitiveCategory.Authentication,
        ["authentication"] = SensitiveCategory.Authentication,
        ["authorization"] = SensitiveCategory.Authentication,
        ["credential"] = SensitiveCategory.Authentication,
        ["bearer"] = SensitiveCategory.Authentication,
        ["email"] = SensitiveCategory.Pii,
        ["ssn"] = SensitiveCategory.Pii,
        ["phone"] = SensitiveCategory.Pii,
        ["telephone"] = SensitiveCategory.Pii,
        ["address"] = SensitiveCategory.Pii,
        ["creditcard"] = SensitiveCategory.Pii,
        ["birthdate"] = SensitiveCategory.Pii,
        ["socialsecurity"] = SensitiveCategory.Pii,
        ["bank"] = SensitiveCategory.Financial,
        ["banking"] = SensitiveCategory.Financial,
        ["routing"] = SensitiveCategory.Financial,
        ["accountnum"] = SensitiveCategory.Financial,
        ["accountnumber"] = SensitiveCategory.Financial,
        ["iban"] = SensitiveCategory.Financial,
        ["swift"] = SensitiveCategory.Financial,
        ["cvv"] = SensitiveCategory.Financial,
        ["pin"] = SensitiveCategory.Financial,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_names = s_words.Keys.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The sensitive words that are also written as two words: <c>apiKey</c>, <c>credit card</c>, <c>e-mail</c>.</summary>
    private static readonly FrozenSet<string> s_pairs =
        new[] { "apikey", "creditcard", "birthdate", "socialsecurity", "accountnum", "accountnumber", "email" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reports each sensitive word of a text with its category.</summary>
    public static void Find(ReadOnlySpan<char> text, Action<string, SensitiveCategory> found)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words = s_names.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[WordSegments.Longest];
        Span<char> joined = stackalloc char[WordSegments.Longest * 2];
        int previous = 0;
        var segments = new WordSegments(text, buffer);
        while (segments.MoveNext())
        {
            ReadOnlySpan<char> word = segments.Current;
            // As in "credit card" and "credit_card": at most one character between the two.
            if (segments.Gap > 1) previous = 0;
            word.CopyTo(joined[previous..]);
            if (Singular(word, words) is { } single) found(single, s_words[single]);
            else if (previous > 0 && Singular(joined[..(previous + word.Length)], words) is { } pair && s_pairs.Contains(pair)) found(pair, s_words[pair]);
            word.CopyTo(joined);
            previous = word.Length;
        }
    }

    /// <summary>True if a name is marked as internal: <c>__x</c>, or <c>_x</c> with a small letter.</summary>
    public static bool IsInternal(string name) => name.Length > 1 && name[0] == '_' && (name[1] == '_' || char.IsAsciiLetterLower(name[1]));

    private static string? Singular(ReadOnlySpan<char> word, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words)
    {
        if (words.TryGetValue(word, out string? known)) return known;
        if (word.EndsWith("s") && words.TryGetValue(word[..^1], out known)) return known;
        return word.EndsWith("es") && words.TryGetValue(word[..^2], out known) ? known : null;
    }
}
