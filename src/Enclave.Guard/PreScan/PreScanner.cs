using System.Text;
using Enclave.Guard.Unicode;

namespace Enclave.Guard.PreScan;

/// <summary>
/// Looks at a script before anything parses it: how large, long and deep it is, which regular expressions it holds, and whether it shows what it says.
/// </summary>
/// <remarks>
/// Time is linear in the text, memory does not grow with it beyond the regular expressions that the limits allow, and no text makes it throw.
/// What concerns the whole text (size, NUL, bidirectional controls) is searched first; all else is found in one walk, and reported where the walk meets it.
/// Nothing here says that the text is a program; that is the parser's part, and where the text is none the measures are estimates.
/// </remarks>
internal static class PreScanner
{
    /// <summary>Scans a text up to its end, or to the first issue that keeps it from running.</summary>
    public static PreScanResult Scan(string source, PreScanLimits limits)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(limits);
        long bytes = Utf8Length(source, limits);
        var stack = new BracketStack(stackalloc Bracket[PreScanLimits.MostBracketDepth + 1], limits.BracketDepth);
        var walk = new SourceWalk(source, limits, stack, bytes == source.Length);
        if (bytes > limits.InputBytes) walk.FailAtSize(bytes);
        else if (source.Contains('\0')) walk.FailAtNull(source.IndexOf('\0', StringComparison.Ordinal));
        else if (limits.Bidi == TextCheck.On && bytes != source.Length && TextControls.IndexOfBidiControl(source) is >= 0 and int at) walk.FailAtBidi(at);
        else walk.Run();
        return walk.Result((int)Math.Min(bytes, int.MaxValue));
    }

    // Every UTF-16 unit takes at least one byte, so a text too long in units is too large without being encoded.
    private static long Utf8Length(string source, PreScanLimits limits) =>
        source.Length > limits.InputBytes ? source.Length : Encoding.UTF8.GetByteCount(source);
}
