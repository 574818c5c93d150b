using System.Text.RegularExpressions;

namespace Enclave.Streaming;

/// <summary>A regular expression, on the engine that reads every character once. What that engine or JavaScript does not have never matches.</summary>
internal sealed record RegexPattern(string Pattern, string Field, PatternCasing Casing, TimeSpan Timeout) : ContentPattern(Field, Casing)
{
    private readonly Regex? _regex = Compile(Pattern, Casing, Timeout);

    protected override bool Matches(FilterText text, FilteredEvent filtered)
    {
        if (_regex is null || !text.IsWhole || text.Text.Length > FilterLimits.RegexText || filtered.RegexTimeIsOver(Timeout)) return false;
        try
        {
            return _regex.IsMatch(text.Text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex? Compile(string pattern, PatternCasing casing, TimeSpan timeout)
    {
        if (JavaScriptPattern.Translate(pattern) is not { } translated) return null;
        RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        if (casing == PatternCasing.Ignored) options |= RegexOptions.IgnoreCase;
        try
        {
            return new Regex(translated, options, timeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or InsufficientExecutionStackException)
        {
            // Not well formed, too large as an automaton, or nested too deep.
            return null;
        }
    }
}
