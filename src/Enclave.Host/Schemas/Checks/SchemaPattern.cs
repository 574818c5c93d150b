using System.Text.RegularExpressions;

namespace Enclave.Schemas.Checks;

/// <summary>A pattern of a schema, for texts of scripts: its time is in proportion to the text, or it is limited.</summary>
internal sealed class SchemaPattern
{
    private const int MaxCharacters = 2_000;

    // The matcher in proportional time ignores nothing but what it cannot do; the other one may take exponential time. A match beyond its limit refuses
    // the call. .NET measures wall time: on a busy machine the first one gets no core for longer than any text takes.
    private static readonly TimeSpan s_proportional = TimeSpan.FromSeconds(5), s_other = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex;

    private SchemaPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern; null if it cannot be read.</summary>
    public static SchemaPattern? Of(string pattern)
    {
        if (pattern.Length > MaxCharacters) return null;
        var text = new PatternText(pattern);
        if (text.Translate() is not { } translated) return null;
        const RegexOptions Plain = RegexOptions.CultureInvariant;
        try
        {
            if (text.LooksAround) return new SchemaPattern(pattern, new Regex(translated, Plain, s_other));
            try
            {
                return new SchemaPattern(pattern, new Regex(translated, Plain | RegexOptions.NonBacktracking, s_proportional));
            }
            catch (NotSupportedException)
            {
                // Its counts make it too large for the other matcher.
                return new SchemaPattern(pattern, new Regex(translated, Plain, s_other));
            }
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <exception cref="CheckLimitException">The match took too long.</exception>
    public bool IsIn(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            double limit = _regex.MatchTimeout.TotalMilliseconds;
            throw new CheckLimitException($"the pattern {Text} takes more than {limit:0} ms for a text of {text.Length} characters");
        }
    }
}
