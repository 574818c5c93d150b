using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript;

/// <summary>The reason why a text does not parse.</summary>
/// <param name="Code">The kind of error.</param>
/// <param name="Message">The error in one sentence, without its place.</param>
/// <param name="Offset">UTF-16 offset of the place.</param>
/// <param name="Position">Line and column of the place.</param>
public sealed record ParseError(ParseErrorCode Code, string Message, int Offset, SourcePosition Position)
{
    /// <summary>The message with its place, in the format of compilers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Message} ({Position.Line}:{Position.Column})");

    /// <summary>The message, and below it the line with a caret at the place. Long lines are cut around the place.</summary>
    public string Show(string source) => $"{this}\n{SourceExcerpt.At(source, Offset)}";
}

/// <summary>Kinds of parse errors.</summary>
public enum ParseErrorCode
{
    /// <summary>The text does not follow the grammar.</summary>
    Syntax,

    /// <summary>The text follows the grammar, but a rule of the language forbids it (an early error).</summary>
    EarlyError,

    /// <summary>A token is malformed: a number, string, template, escape or character.</summary>
    Token,

    /// <summary>A regular expression literal is malformed.</summary>
    RegExp,

    /// <summary>The text, or a part of it, is longer than the options allow.</summary>
    TooLong,

    /// <summary>The text is nested deeper than the options, or the thread's stack, allow.</summary>
    TooDeep,

    /// <summary>TypeScript that is code and is not compiled: a namespace with values, import … =, export =, accessor, a decorator.</summary>
    NotErasable,
}
