using Enclave.Guard.Options;

namespace Enclave.Guard.PreScan;

/// <summary>Limits on a script's text, checked before it is parsed.</summary>
/// <remarks>
/// The columns and caps are those of the documented levels. A value out of range becomes the nearest value in range, so no configuration
/// raises a cap. The properties default to the column <c>standard</c>.
/// </remarks>
internal sealed record PreScanLimits
{
    /// <summary>The highest nesting limit that can be set.</summary>
    public const int MostBracketDepth = 200;

    private const int Kilo = 1024;
    private const int Mega = 1024 * 1024;

    /// <summary>The column <c>agentscript</c>, the smallest.</summary>
    public static PreScanLimits AgentScript { get; } = new()
    {
        InputBytes = 100 * Kilo,
        LineLength = 2_000,
        Lines = 1_000,
        BracketDepth = 20,
        ConsecutiveOperators = 5,
        RegexMode = RegexMode.Block,
        RegexLength = 0,
        RegexCount = 0,
        RedosLevel = RedosLevel.Catastrophic,
        StringLength = 10 * Kilo,
        StringTotal = 100 * Kilo,
        Bidi = TextCheck.On,
        Invisible = TextCheck.On,
    };

    /// <summary>The column <c>strict</c>.</summary>
    public static PreScanLimits Strict { get; } = new()
    {
        InputBytes = 500 * Kilo,
        LineLength = 5_000,
        Lines = 2_000,
        BracketDepth = 30,
        ConsecutiveOperators = 10,
        RegexLength = 100,
        RegexCount = 10,
        RedosLevel = RedosLevel.Catastrophic,
        StringLength = 50 * Kilo,
        StringTotal = 500 * Kilo,
        Bidi = TextCheck.On,
        Invisible = TextCheck.On,
    };

    /// <summary>The column <c>secure</c>.</summary>
    public static PreScanLimits Secure { get; } = new()
    {
        InputBytes = Mega,
        LineLength = 8_000,
        Lines = 5_000,
        BracketDepth = 40,
        ConsecutiveOperators = 15,
        RegexLength = 200,
        RegexCount = 20,
        RedosLevel = RedosLevel.Catastrophic,
        StringLength = 100 * Kilo,
        StringTotal = Mega,
        Bidi = TextCheck.On,
    };

    /// <summary>The column <c>standard</c>.</summary>
    public static PreScanLimits Standard { get; } = new();

    /// <summary>The column <c>permissive</c>.</summary>
    public static PreScanLimits Permissive { get; } = new()
    {
        InputBytes = 10 * Mega,
        LineLength = 50_000,
        Lines = 100_000,
        BracketDepth = 100,
        ConsecutiveOperators = 50,
        RegexMode = RegexMode.Allow,
        RegexLength = 1_000,
        RegexCount = 50,
        RedosLevel = RedosLevel.Catastrophic,
        StringLength = Mega,
        StringTotal = 10 * Mega,
        Homographs = TextCheck.Off,
    };

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
    public RedosLevel RedosLevel { get; init; } = RedosLevel.Polynomial;

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

    /// <summary>The limits for the javascript preset at a level: size, and nesting that the parser can follow.</summary>
    public static PreScanLimits JavaScript(GuardLevel level) => Permissive with
    {
        InputBytes = For(level).InputBytes,
        LongLines = TextCheck.Off,
        Lines = 1_000_000,
        BracketDepth = MostBracketDepth,
        ConsecutiveOperators = 100,
        RegexMode = RegexMode.Ignore,
        StringLength = 5 * Mega,
    };

    /// <summary>The column of a level.</summary>
    public static PreScanLimits For(GuardLevel level) => level switch
    {
        GuardLevel.Strict => Strict,
        GuardLevel.Secure => Secure,
        GuardLevel.Permissive => Permissive,
        _ => Standard,
    };

    /// <summary>The same limits for a language without regular expressions, as AgentScript at STRICT and SECURE.</summary>
    public PreScanLimits WithoutRegexes() => this with { RegexMode = RegexMode.Block };
}
