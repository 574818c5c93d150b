using System.Globalization;
using Microsoft.ClearScript;

namespace Enclave.Worker.Portable;

/// <summary>V8's complaint about a text, from the words of ClearScript: <c>SyntaxError: message</c>, and a line <c>at name:line:column -> text</c>.</summary>
internal sealed record CompileError
{
    private readonly string _source;
    private readonly int _column;

    /// <param name="fault">The exception of ClearScript.</param>
    /// <param name="source">The name of the document. Its text begins in the second line.</param>
    public CompileError(ScriptEngineException fault, string source)
    {
        _source = source;
        string text = fault.Message;
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        Name = colon > 0 ? text[..colon] : "SyntaxError";
        Message = colon > 0 ? text[(colon + 2)..] : text;
        string details = fault.ErrorDetails ?? "", mark = $"\n    at {source}:";
        int at = details.IndexOf(mark, StringComparison.Ordinal);
        string[] place = at < 0 ? [] : details[(at + mark.Length)..].Split([':', ' '], 3);
        if (place.Length < 2 || !int.TryParse(place[0], CultureInfo.InvariantCulture, out int line)) return;
        Line = line - 1;
        _ = int.TryParse(place[1], CultureInfo.InvariantCulture, out _column);
    }

    public string Name { get; private init; }

    public string Message { get; private init; }

    /// <summary>The line in the user's text.</summary>
    public int Line { get; private init; } = 1;

    public string Stack => $"\n    at {_source}:{Math.Max(Line, 1)}:{Math.Max(_column, 1)}";

    /// <summary>The same text, which ended too early.</summary>
    public CompileError AtEnd(int line, int column) => new(this, column) { Line = line, Name = "SyntaxError", Message = "Unexpected end of input" };

    private CompileError(CompileError other, int column)
    {
        (_source, _column, Name, Message) = (other._source, column, other.Name, other.Message);
    }
}
