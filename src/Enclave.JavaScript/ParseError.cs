using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript;

/// <summary>Why a text is no program.</summary>
/// <param name="Code">What kind of error it is.</param>
/// <param name="Message">What is wrong, in one sentence without its place.</param>
/// <param name="Offset">UTF-16 offset of the place.</param>
/// <param name="Position">Line and column of the place.</param>
public sealed record ParseError(ParseErrorCode Code, string Message, int Offset, SourcePosition Position)
{
    /// <summary>The message with its place, as compilers write it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Message} ({Position.Line}:{Position.Column})");

    /// <summary>The message, and under it the line with a caret below the place; long lines are cut around it.</summary>
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

    /// <summary>The text, or something in it, is longer than the options allow.</summary>
    TooLong,

    /// <summary>The text is nested deeper than the options, or the thread's stack, allow.</summary>
    TooDeep,

    /// <summary>TypeScript that cannot be dropped, because it means code: an enum, a namespace with values, a parameter property, a decorator.</summary>
    NotErasable,
}
