using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.FrontEndBench;

/// <summary>The parsers that are compared, each in its strict reading of the newest language it has, with regular expressions checked.</summary>
internal static class Parsers
{
    private static readonly Acornima.ParserOptions s_acornima = new() { EcmaVersion = Acornima.EcmaVersion.Latest, AllowHashBang = true };
    private static readonly Esprima.ParserOptions s_esprima = new() { Tolerant = false, RegExpParseMode = Esprima.RegExpParseMode.Validate };

    /// <summary>The names by which they are asked for.</summary>
    public static string[] Others { get; } = ["acornima", "esprima"];

    /// <summary>Null if the text is accepted, otherwise the refusal.</summary>
    public static Func<string, ParserOptions, string?> Named(string name) => name switch
    {
        "ours" => (text, options) => Parser.Parse(text, options).Error?.Message,
        "acornima" => (text, options) => WithStack(() => ParseByAcornima(text, options)),
        "esprima" => (text, options) => WithStack(() => ParseByEsprima(text, options)),
        _ => throw new ArgumentException($"no such parser: {name}"),
    };

    // Both look whether the stack suffices, in some of their methods.
    private static string? WithStack(Func<string?> parse)
    {
        try
        {
            return parse();
        }
        catch (InsufficientExecutionStackException fault)
        {
            return fault.Message;
        }
    }

    private static string? ParseByAcornima(string text, ParserOptions options)
    {
        var parser = new Acornima.Parser(s_acornima);
        try
        {
            if (options.Goal == SourceGoal.Module) parser.ParseModule(text);
            else parser.ParseScript(text);
            return null;
        }
        catch (Acornima.ParseErrorException refusal)
        {
            return refusal.Message;
        }
    }

    private static string? ParseByEsprima(string text, ParserOptions options)
    {
        var parser = new Esprima.JavaScriptParser(s_esprima);
        try
        {
            if (options.Goal == SourceGoal.Module) parser.ParseModule(text);
            else parser.ParseScript(text);
            return null;
        }
        catch (Esprima.ParserException refusal)
        {
            return refusal.Message;
        }
    }
}
