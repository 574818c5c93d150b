using System.Globalization;
using System.Text;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;

namespace Enclave.FrontEndProbe;

/// <summary>A text that repeats itself, of any length. A parser must neither run out of stack nor take quadratic time for it.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Open">The repeated part; ¤ is the number of the repetition.</param>
/// <param name="Middle">The innermost part.</param>
/// <param name="Close">The part repeated behind it, for a complete text.</param>
/// <param name="Head">The text before everything.</param>
/// <param name="Tail">The text after everything.</param>
internal sealed record Shape(string Name, string Open, string Middle = "", string Close = "", string Head = "", string Tail = "")
{
    // Shorter than every level's limit on a line.
    private const int LineLength = 1_500;

    /// <summary>The goal in which it gets furthest.</summary>
    public SourceGoal Goal { get; init; }

    /// <summary>Its language.</summary>
    public SourceLanguage Language { get; init; }

    /// <summary>The parser's options for it.</summary>
    public ParserOptions Options => new() { Goal = Goal, Language = Language };

    /// <summary>Writes the text, if it is more than repetition.</summary>
    public Func<int, string>? Writer { get; init; }

    /// <summary>The shape in about this many characters, with at least one repetition.</summary>
    public string Build(int length)
    {
        if (Writer is not null) return Writer(length);
        var text = new StringBuilder(length + 64).Append(Head);
        // The closing parts need their share.
        int openLength = (int)((long)length * Open.Length / (Open.Length + Close.Length));
        int times = 0;
        do text.Append(Open.Contains('¤') ? Open.Replace("¤", times.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : Open);
        while (++times < int.MaxValue && text.Length < openLength);
        text.Append(Middle);
        for (int i = times - 1; Close.Length > 0 && i >= 0; i--) text.Append(Close);
        return text.Append(Tail).ToString();
    }

    /// <summary>The same on lines of about this length, if the parts follow each other and a line may end between them.</summary>
    public Shape OnLines()
    {
        if (Close.Length > 0 || Writer is not null || Head is ['/' or '`' or '\'' or '.', ..]
            || Open[^1] is not (';' or ',' or '}' or '|' or '&' or '+' or '?' or '<')) return this;
        return this with { Writer = (length) => Head + Lines(length) + Middle + Tail };
    }

    private string Lines(int length)
    {
        var text = new StringBuilder(length + 64);
        for (int times = 0, line = 0; text.Length < length; times++)
        {
            text.Append(Open.Replace("¤", times.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            if (text.Length - line < LineLength) continue;
            text.Append('\n');
            line = text.Length;
        }

        return text.ToString();
    }

    /// <summary>The same without the closing parts.</summary>
    public Shape Unclosed() => this with { Name = Name + ", unclosed", Middle = "", Close = "", Tail = "" };
}
