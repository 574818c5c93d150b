namespace Enclave.Guard.PreScan;

/// <summary>Limits on a script's text, checked before it is parsed.</summary>
/// <remarks>
/// The caps are those of the JavaScript product. A value out of range becomes the nearest value in range, so no configuration raises a
/// cap. The defaults are those of STANDARD; <c>GuardLevelTable</c> has the other levels.
/// </remarks>
internal sealed record PreScanLimits
{
    /// <summary>The highest nesting limit that can be set.</summary>
    public const int MostBracketDepth = 200;

    private const int Kilo = 1024;
    private const int Mega = 1024 * 1024;

    /// <summary>Largest script, in bytes of its UTF-8 form. Range: 1 to 100 MiB. Default: 5 MiB.</summary>
    public int InputBytes { get; init => field = Math.Clamp(value, 1, 100 * Mega); } = 5 * Mega;

    /// <summary>Longest line, in UTF-16 units without its end. Range: 1 to 100,000. Default: 10,000.</summary>
    public int LineLength { get; init => field = Math.Clamp(value, 1, 100_000); } = 10_000;

    /// <summary>Most lines. Range: 1 to 1,000,000. Default: 10,000.</summary>
    /// <remarks>Lines end where the language ends them: LF, CR, CR LF, U+2028, U+2029.</remarks>
    public int Lines { get; init => field = Math.Clamp(value, 1, 1_000_000); } = 10_000;

    /// <summary>Deepest nesting of brackets. A placeholder of a template counts as one. Range: 1 to 200. Default: 50.</summary>
    public int BracketDepth { get; init => field = Math.Clamp(value, 1, MostBracketDepth); } = 50;

    /// <summary>Most operator characters in a row, with only white space between them. Range: 1 to 100. Default: 20.</summary>
    /// <remarks>The range is our choice: twice the widest column.</remarks>
    public int ConsecutiveOperators { get; init => field = Math.Clamp(value, 1, 100); } = 20;

    /// <summary>How regular expression literals are treated. Default: analyze.</summary>
    public RegexMode RegexMode { get; init; } = RegexMode.Analyze;

    /// <summary>Longest pattern of a regular expression, in UTF-16 units between its slashes. Range: 0 to 1,000. Default: 500.</summary>
    public int RegexLength { get; init => field = Math.Clamp(value, 0, RedosAnalysis.MaxPatternLength); } = 500;

    /// <summary>Most regular expression literals. Range: 0 to 50. Default: 30.</summary>
    public int RegexCount { get; init => field = Math.Clamp(value, 0, 50); } = 30;

    /// <summary>The kinds of backtracking to look for when regular expressions are analysed. Default: polynomial.</summary>
    public RedosScope RedosScope { get; init; } = RedosScope.Polynomial;

    /// <summary>Longest string, or longest piece of a template between placeholders, in UTF-16 units as written. Range: 0 to 5 Mi. Default: 500 Ki.</summary>
    public int StringLength { get; init => field = Math.Clamp(value, 0, 5 * Mega); } = 500 * Kilo;

    /// <summary>Longest content of all strings and templates together, in UTF-16 units as written. Range: 0 to 50 Mi. Default: 5 Mi.</summary>
    public int StringTotal { get; init => field = Math.Clamp(value, 0, 50 * Mega); } = 5 * Mega;

    /// <summary>Says if names that look like other names are refused. Default: on.</summary>
    public TextCheck Homographs { get; init; } = TextCheck.On;

    /// <summary>Says if characters that reorder text are refused anywhere. Default: off.</summary>
    public TextCheck Bidi { get; init; } = TextCheck.Off;

    /// <summary>Says if invisible characters in code are reported. Default: off.</summary>
    public TextCheck Invisible { get; init; } = TextCheck.Off;

    /// <summary>Says if <see cref="LineLength"/> applies. Default: on. A bundle is often one line.</summary>
    public TextCheck LongLines { get; init; } = TextCheck.On;

    /// <summary>The same limits for a language without regular expressions, as AgentScript at STRICT and SECURE.</summary>
    public PreScanLimits WithoutRegexes() => this with { RegexMode = RegexMode.Block };
}
