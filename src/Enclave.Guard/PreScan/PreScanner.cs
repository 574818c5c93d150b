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
        int bytes = Utf8Length(source);
        var stack = new BracketStack(stackalloc Bracket[PreScanLimits.MostBracketDepth + 1], limits.BracketDepth);
        var walk = new SourceWalk(source, bytes, limits, stack);
        if (bytes > limits.InputBytes) walk.FailAtSize();
        else if (source.Contains('\0')) walk.FailAtNull(source.IndexOf('\0', StringComparison.Ordinal));
        else if (limits.Bidi == TextCheck.On && bytes != source.Length && TextControls.IndexOfBidiControl(source) is >= 0 and int at) walk.FailAtBidi(at);
        else walk.Run();
        return walk.Result();
    }

    // A unit takes up to three bytes. What is beyond the range of the count is beyond every limit too, whatever it takes.
    private static int Utf8Length(string source) => source.Length > int.MaxValue / 3 ? source.Length : Encoding.UTF8.GetByteCount(source);
}
