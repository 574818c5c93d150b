namespace Enclave.Broker.Filters;

/// <summary>Limits of one filter. Filters come from clients and are applied to every event.</summary>
internal static class FilterLimits
{
    public const int Rules = 32;

    /// <summary>Types in one list.</summary>
    public const int Types = 64;

    /// <summary>Patterns in all rules together.</summary>
    public const int Patterns = 64;

    public const int PatternLength = 1024;

    /// <summary>Regular expressions in all rules together.</summary>
    public const int Regexes = 8;

    public const int RegexLength = 256;

    /// <summary>
    /// Steps of all regular expressions together, with counted repetitions expanded. With
    /// <see cref="RegexText"/> it bounds the work for one event to ten million steps.
    /// </summary>
    public const int RegexSteps = 1024;

    /// <summary>A longer text never matches a regular expression.</summary>
    public const int RegexText = 10_000;

    public const int DefaultRegexTimeoutMs = 100;

    public const int MaxRegexTimeoutMs = 1000;

    /// <summary>Characters of all globs together. With <see cref="Text"/> it bounds the steps for one event.</summary>
    public const int GlobLength = 1024;

    /// <summary>A longer text never matches a glob or an exact pattern.</summary>
    public const int Text = 65_536;

    public const int FieldLength = 256;
}
