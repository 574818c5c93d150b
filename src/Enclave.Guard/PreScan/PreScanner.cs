using System.Text;
using Enclave.Guard.Unicode;

namespace Enclave.Guard.PreScan;

/// <summary>
/// Checks a script before it is parsed: its size, length and depth, its regular expressions, and characters that disguise text.
/// </summary>
/// <remarks>
/// Time is linear in the text. Memory does not grow with the text, apart from the regular expressions that the limits allow. No text makes it throw.
/// Checks of the whole text (size, NUL, bidirectional controls) come first. All others happen in one walk and are reported in its order.
/// The pre-scan does not decide that a text is a program; the parser does. For a text that is not a program the measurements are estimates.
/// </remarks>
internal static class PreScanner
{
    /// <summary>The name under which issues of the pre-scan are reported.</summary>
    public const string Rule = "pre-scan";

    /// <summary>Scans a text to its end, or to the first issue that prevents it from running.</summary>
    public static PreScanResult Scan(string source, PreScanLimits limits)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(limits);
        int bytes = Utf8Length(source);
        var stack = new BracketStack(stackalloc Bracket[PreScanLimits.MostBracketDepth + 1], limits.BracketDepth);
        var walk = new SourceWalk(source, bytes, limits, stack);
        if (bytes > limits.InputBytes) walk.FailAtSize();
        else if (source.Contains('\0')) walk.FailAtNull(source.IndexOf('\0', StringComparison.Ordinal));
        else if (limits.Bidi == TextCheck.On && bytes != source.Length && TextControls.IndexOfBidiControl(source) is >= 0 and int at) walk.FailAtBidi(at);
        else walk.Run();
        return walk.Result();
    }

    /// <summary>True for an issue of a regular expression.</summary>
    public static bool IsOfPattern(GuardIssue issue) =>
        issue.Code is "PRESCANNER_REGEX_BLOCKED" or "PRESCANNER_REGEX_COUNT" or "PRESCANNER_REGEX_TOO_LONG" or "PRESCANNER_REDOS";

    /// <summary>True if an issue that ended the scan refuses a part of the language, not the size: the rest of the script may be judged with it.</summary>
    public static bool MayBeParsed(GuardIssue fatal) =>
        fatal.Code is "PRESCANNER_REGEX_BLOCKED" or "PRESCANNER_REDOS" or "PRESCANNER_HOMOGRAPH" or "PRESCANNER_BIDI_ATTACK" or "PRESCANNER_UNICODE_SUSPICIOUS";

    // A unit takes up to three bytes. A length beyond the range of int is above every limit anyway.
    private static int Utf8Length(string source) => source.Length > int.MaxValue / 3 ? source.Length : Encoding.UTF8.GetByteCount(source);
}
