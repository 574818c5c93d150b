namespace Enclave.Streaming.Filters;

/// <summary>What one filter may ask of its broker. Filters come from outside, and are applied to every event.</summary>
internal static class FilterLimits
{
    public const int Rules = 32;

    /// <summary>Of one list.</summary>
    public const int Types = 64;

    /// <summary>In all rules together.</summary>
    public const int Patterns = 64;

    public const int PatternLength = 1024;

    /// <summary>In all rules together.</summary>
    public const int Regexes = 8;

    public const int RegexLength = 256;

    /// <summary>
    /// Steps of all regular expressions together, counted repetitions written out: with <see cref="RegexText"/> it bounds the work that an event costs to ten
    /// million steps.
    /// </summary>
    public const int RegexSteps = 1024;

    /// <summary>Text longer than this never matches a regular expression.</summary>
    public const int RegexText = 10_000;

    public const int DefaultRegexTimeoutMs = 100;

    public const int MaxRegexTimeoutMs = 1000;

    /// <summary>Characters of all globs together: with <see cref="Text"/> it bounds the steps that an event costs.</summary>
    public const int GlobLength = 1024;

    /// <summary>What is looked at of a text. A longer one never matches a glob, nor anything exactly.</summary>
    public const int Text = 65_536;

    public const int FieldLength = 256;
}
