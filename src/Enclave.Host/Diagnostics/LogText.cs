using System.Text;
using Enclave.Reports;

namespace Enclave.Diagnostics;

/// <summary>
/// Text of scripts, workers and callers for log messages: bounded, on one line, and without invisible characters. Such a text cannot pose as a line of
/// the log, move a terminal's cursor, or reorder what a person reads.
/// </summary>
internal static class LogText
{
    /// <summary>The word of an event without a tenant, line, run or trace.</summary>
    public const string None = "none";

    /// <summary>Characters of a name.</summary>
    private const int MaxName = 200;

    /// <summary>Characters of a description, which may hold the last output of a worker.</summary>
    private const int MaxDetail = 2_000;

    /// <summary>A name of a tool, a tenant or a source; <c>none</c> for null.</summary>
    public static string Name(string? text) => text is null ? None : Of(text, MaxName);

    /// <summary>A description.</summary>
    public static string Detail(string text) => Of(text, MaxDetail);

    private static string Of(string text, int most)
    {
        if (text.Length <= most && text.All(IsPlain)) return text;
        var shown = new StringBuilder(Math.Min(text.Length, most) + 16);
        for (int i = 0; i < text.Length; i += VisibleText.AppendEscaped(shown, text, i))
        {
            if (shown.Length >= most) return shown.Append('…').ToString();
        }

        return shown.ToString();
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '\\';
}
