using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>Parses ECMAScript.</summary>
public static class Parser
{
    // The tables and buffers of the last parse on this thread, without its text and names.
    [ThreadStatic]
    private static ProgramParser? t_spare;

    /// <summary>Parses a text up to its end or its first error.</summary>
    /// <param name="source">The text. Every offset in the result counts its UTF-16 units.</param>
    /// <param name="options">How to read it. Default: <see cref="ParserOptions.Script"/>.</param>
    /// <returns>The tree, or the error. No text makes this throw, however long or deep.</returns>
    public static ParseResult Parse(string source, ParserOptions? options = null) => Parse(source, options ?? ParserOptions.Script, null);

    /// <summary>Parses a text within the meter's limit.</summary>
    public static ParseResult Parse(string source, ParserOptions options, WorkMeter? meter)
    {
        ArgumentNullException.ThrowIfNull(source);
        ProgramParser parser = t_spare ?? new ProgramParser();
        t_spare = null;
        // A parser that was interrupted is not used again.
        ParseResult result =
            options.Language == SourceLanguage.Either ? ParseEither(parser, source, options, meter) : parser.Parse(source, options, options.Language, meter);
        t_spare = parser;
        return result;
    }

    private static ParseResult ParseEither(ProgramParser parser, string source, ParserOptions options, WorkMeter? meter)
    {
        ParseResult plain = parser.Parse(source, options, SourceLanguage.JavaScript, meter);
        if (plain.Success || plain.Error.Code is ParseErrorCode.TooLong or ParseErrorCode.TooDeep) return plain;
        ParseResult typed = parser.Parse(source, options, SourceLanguage.TypeScript, meter);
        if (typed.Success) return typed;
        // The attempt that got further is probably right. TypeScript that cannot be erased is not
        // JavaScript either, and that attempt fails somewhere inside it.
        bool isTyped = typed.Errors.Any((error) => error.Code == ParseErrorCode.NotErasable);
        return isTyped || typed.Errors[^1].Offset > plain.Error.Offset ? typed : plain;
    }
}
