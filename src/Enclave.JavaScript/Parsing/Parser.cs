using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>Reads ECMAScript.</summary>
public static class Parser
{
    // Tables and buffers of the last parse on this thread; the text and its names are forgotten before it is kept.
    [ThreadStatic]
    private static ProgramParser? t_spare;

    /// <summary>Reads a text to its end, or to its first error.</summary>
    /// <param name="source">The text. Every offset in the result counts its UTF-16 units.</param>
    /// <param name="options">How to read it. Default: <see cref="ParserOptions.Script"/>.</param>
    /// <returns>The tree, or the error. No text, however long or deep, makes this throw.</returns>
    public static ParseResult Parse(string source, ParserOptions? options = null) => Parse(source, options ?? ParserOptions.Script, null);

    /// <summary>Reads a text as long as the meter lets it.</summary>
    public static ParseResult Parse(string source, ParserOptions options, WorkMeter? meter)
    {
        ArgumentNullException.ThrowIfNull(source);
        ProgramParser parser = t_spare ?? new ProgramParser();
        t_spare = null;
        // One that was ended in the middle is not used again.
        ParseResult result = options.Language == SourceLanguage.Either ? ParseEither(parser, source, options, meter) : parser.Parse(source, options, options.Language, meter);
        t_spare = parser;
        return result;
    }

    private static ParseResult ParseEither(ProgramParser parser, string source, ParserOptions options, WorkMeter? meter)
    {
        ParseResult plain = parser.Parse(source, options, SourceLanguage.JavaScript, meter);
        if (plain.Success || plain.Error.Code is ParseErrorCode.TooLong or ParseErrorCode.TooDeep) return plain;
        ParseResult typed = parser.Parse(source, options, SourceLanguage.TypeScript, meter);
        if (typed.Success) return typed;
        // The reading that got further is the likelier one. What is not erasable is no JavaScript either, which fails somewhere inside it.
        return typed.Error.Code == ParseErrorCode.NotErasable || typed.Error.Offset > plain.Error.Offset ? typed : plain;
    }
}
