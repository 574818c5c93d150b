using System.Globalization;
using System.Text;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;

namespace Enclave.FrontEndProbe;

/// <summary>A text that repeats itself, to any length: what a parser must not answer by running out of stack or by taking the square of the time.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Open">What is repeated; ¤ is the number of the repetition.</param>
/// <param name="Middle">What stands in the innermost place.</param>
/// <param name="Close">What is repeated behind it, if the shape is to be complete.</param>
/// <param name="Head">What stands before everything.</param>
/// <param name="Tail">What stands after everything.</param>
internal sealed record Shape(string Name, string Open, string Middle = "", string Close = "", string Head = "", string Tail = "")
{
    // Shorter than the shortest longest line of a level.
    private const int LineLength = 1_500;

    /// <summary>The goal in which it gets furthest.</summary>
    public SourceGoal Goal { get; init; }

    /// <summary>The language it is written in.</summary>
    public SourceLanguage Language { get; init; }

    /// <summary>How it is read.</summary>
    public ParserOptions Options => new() { Goal = Goal, Language = Language };

    /// <summary>Writes it, if it is more than repetition.</summary>
    public Func<int, string>? Writer { get; init; }

    /// <summary>The shape in about so many characters, at least once.</summary>
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

    /// <summary>The same on lines of about so many characters, if it is one part after the other and a line may end between them.</summary>
    public Shape OnLines()
    {
        if (Close.Length > 0 || Writer is not null || Head is ['/' or '`' or '\'' or '.', ..] || Open[^1] is not (';' or ',' or '}' or '|' or '&' or '+' or '?' or '<')) return this;
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

    /// <summary>The same without what closes it.</summary>
    public Shape Unclosed() => this with { Name = Name + ", unclosed", Middle = "", Close = "", Tail = "" };
}
