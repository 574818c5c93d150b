using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;

namespace Enclave.Schemas.Checks;

/// <summary>A pattern of a schema, for texts of scripts: the work for a text is in proportion to its length, and is metered.</summary>
internal sealed class SchemaPattern
{
    // A pattern with more steps is compiled for each text, so that the memory of a schema is in proportion to its text, even if a pattern has large counts.
    private const int MaxKeptSteps = 512;

    private const int MaxCharacters = 2_000;

    private readonly RegularExpression? _kept;

    private SchemaPattern(string text, RegularExpression expression)
    {
        (Text, Steps) = (text, expression.Steps);
        if (Steps <= MaxKeptSteps) _kept = expression;
    }

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Number of its steps, of which a schema may have <see cref="SchemaCompiler.MaxPatternSteps"/>.</summary>
    public int Steps { get; }

    /// <summary>Reads a pattern with at most this many steps; null if it cannot be read.</summary>
    public static SchemaPattern? Of(string pattern, int maxSteps = SchemaCompiler.MaxPatternSteps) =>
        // Refuses [[:name:]], a class of other languages: in JavaScript it means something else.
        pattern.Length <= MaxCharacters && !(pattern.Contains("[[:", StringComparison.Ordinal) && pattern.Contains(":]", StringComparison.Ordinal))
            && Compile(pattern, maxSteps) is { } expression ? new SchemaPattern(pattern, expression) : null;

    /// <exception cref="WorkLimitException">The match took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public bool IsIn(string text, WorkMeter meter) => (_kept ?? Compile(Text, Steps)!).IsIn(text, meter);

    private static RegularExpression? Compile(string pattern, int maxSteps) =>
        RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, maxSteps, out _)
            ?? (IsPlain(pattern) ? RegularExpression.Compile(pattern, RegularExpressionOptions.None, maxSteps, out _) : null);

    /// <summary>
    /// True if a pattern that is written for an expression without the flag <c>u</c> means the same in every language: backslashes before punctuation, and
    /// letters after them that are known. Elsewhere a letter may stand for an end of the text or for a property of characters.
    /// </summary>
    private static bool IsPlain(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '\\') continue;
            if (++i == pattern.Length) return false;
            if (char.IsAsciiLetterOrDigit(pattern[i]) && !"dDwWsSbBnrtvfx".Contains(pattern[i], StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
