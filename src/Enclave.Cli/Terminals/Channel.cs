namespace Enclave.Cli.Terminals;

/// <summary>Standard output or standard error: unchanged for a program, escaped and coloured for a terminal.</summary>
internal sealed class Channel(TextWriter writer, bool isTerminal, bool hasColours)
{
    public bool IsTerminal => isTerminal;

    public bool HasColours => hasColours;

    /// <summary>The writer for unchanged text in pieces of any size. Null for a terminal, whose text must be escaped.</summary>
    public TextWriter? Plain => isTerminal ? null : writer;

    /// <summary>Writes one line. For a terminal, control characters are escaped.</summary>
    public void WriteLine(string text, Ink ink = Ink.Plain)
    {
        if (isTerminal) text = Printable.Escape(text);
        writer.WriteLine(hasColours && ink != Ink.Plain ? Inks.On(ink) + text + Inks.Off : text);
    }

    /// <summary>Writes text, and ends it with a line feed if it has none.</summary>
    public void WriteText(string text)
    {
        if (isTerminal) text = Printable.Escape(text);
        if (text.EndsWith('\n')) writer.Write(text);
        else writer.WriteLine(text);
    }

    public void WriteJson(string json)
    {
        if (isTerminal) json = Printable.Escape(json);
        writer.WriteLine(hasColours ? JsonPainter.Paint(json) : json);
    }
}
