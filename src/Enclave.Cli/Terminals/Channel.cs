namespace Enclave.Cli.Terminals;

/// <summary>Standard output or standard error: plain bytes for a program, readable and coloured for a person.</summary>
internal sealed class Channel(TextWriter writer, bool isTerminal, bool hasColours)
{
    public bool IsTerminal => isTerminal;

    public bool HasColours => hasColours;

    /// <summary>For a program: text as it is, in pieces of any size. Null for a terminal, whose text has to be gone through first.</summary>
    public TextWriter? Plain => isTerminal ? null : writer;

    /// <summary>One line. A terminal sees no control characters of it.</summary>
    public void WriteLine(string text, Ink ink = Ink.Plain)
    {
        if (isTerminal) text = Printable.Escape(text);
        writer.WriteLine(hasColours && ink != Ink.Plain ? Inks.On(ink) + text + Inks.Off : text);
    }

    /// <summary>Text as it is, ended by one line feed if it has none.</summary>
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
