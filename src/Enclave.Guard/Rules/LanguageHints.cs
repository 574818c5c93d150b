namespace Enclave.Guard.Rules;

/// <summary>Hints for habits of other languages that are errors of the grammar.</summary>
internal static class LanguageHints
{
    private const string Logic = "Write && for and, || for or, and ! for not.";
    private const string Template = "Write a template: `${a} and ${b}`.";
    private const string Catch = "Write try { … } catch (error) { … }.";
    private const string Arrow = "Write (x) => ….";

    // A line that begins so, and has the error.
    private static readonly (string Word, string Hint)[] s_lines =
    [
        ("def ", "Write const f = (x) => { … }."), ("async def ", "Write const f = async (x) => { … }."), ("elif ", "Write else if (…) { … }."),
        ("else:", "Write else { … }."), ("try:", Catch), ("except", Catch), ("finally:", "Write finally { … }."),
        ("raise ", "Write throw new Error('…')."), ("from ", ModuleHints.Any), ("#include", ModuleHints.Any), ("# ", "Comments begin with //."),
        ("print ", "Write console.log(…), and return the result."), ("del ", "Write delete o[key]."), ("<", "Write markup as text, between backticks."),
    ];

    // A line that begins so and ends with a colon.
    private static readonly (string Word, string Hint)[] s_blocks =
    [
        ("for ", "Write for (const x of xs) { … }, with brackets. A block stands in { }."), ("if ", "Write if (…) { … }, with the condition in brackets."),
        ("while ", "Write for (let i = 0; i < limit && condition; i++) { … }."), ("with ", "Write const value = …; and a block { … }."),
        ("class ", "Write class A { … }, or plain objects and functions."),
    ];

    // The word that the grammar does not expect.
    private static readonly (string Word, string Hint)[] s_words =
    [
        ("and ", Logic), ("or ", Logic), ("not in ", "Write !xs.includes(x)."), ("is not None", "Write x !== null."), ("is None", "Write x === null."),
        ("is ", "Write ===."), ("if ", "Write condition ? a : b."), ("for ", "Write xs.map((x) => …) or xs.filter((x) => …)."), ("** ", "Write { ...o }."),
        (":= ", "Write the assignment in a line of its own."),
    ];

    // Hints by the word in front of the token that the grammar does not expect.
    private static readonly (string Word, string Hint)[] s_before =
    [
        ("not ", Logic), ("lambda ", Arrow), ("f", Template), ("print ", "Write console.log(…), and return the result."), ("raise ", "Write throw."),
    ];

    /// <summary>The hint for an error of the grammar at an offset; null if it does not look like another language.</summary>
    public static string? For(string source, int offset)
    {
        const int Longest = 200;
        int start = Math.Max(source.AsSpan(0, offset).LastIndexOf('\n') + 1, offset - Longest);
        ReadOnlySpan<char> rest = source.AsSpan(offset, Math.Min(Longest, source.Length - offset));
        if (rest.IndexOfAny('\r', '\n') is >= 0 and var end) rest = rest[..end];
        ReadOnlySpan<char> before = source.AsSpan(start, offset - start), line = source.AsSpan(start, offset - start + rest.Length).Trim();
        if (Begins(line, s_lines) is { } hint) return hint;
        if (line.EndsWith(":") && Begins(line, s_blocks) is { } block) return block;
        if (Begins(rest, s_words) is { } word) return word;
        foreach ((string words, string other) in s_before)
        {
            // The prefix of a text stands right before its quote.
            if (!before.EndsWith(words) || (words.Length == 1 && !rest.StartsWith("'") && !rest.StartsWith("\""))) continue;
            if (before.Length == words.Length || !char.IsLetterOrDigit(before[^(words.Length + 1)])) return other;
        }

        return null;
    }

    private static string? Begins(ReadOnlySpan<char> text, (string Word, string Hint)[] rows)
    {
        foreach ((string word, string hint) in rows)
        {
            if (text.StartsWith(word, StringComparison.Ordinal)) return hint;
        }

        return null;
    }
}
