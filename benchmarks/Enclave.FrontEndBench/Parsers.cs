using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.DotNetParsers;

namespace Enclave.FrontEndBench;

/// <summary>The parsers that are compared. Those of other packages have the settings of the tests.</summary>
internal static class Parsers
{
    /// <summary>The names by which the others are asked for.</summary>
    public static string[] Others { get; } = ["acornima", "esprima"];

    /// <summary>Null if the text is accepted, otherwise the refusal.</summary>
    public static Func<string, ParserOptions, string?> Named(string name) => name switch
    {
        "ours" => (text, options) => Parser.Parse(text, options).Error?.Message,
        "acornima" => (text, options) => Refusal(DotNetParser.Acornima, text, options),
        "esprima" => (text, options) => Refusal(DotNetParser.Esprima, text, options),
        _ => throw new ArgumentException($"no such parser: {name}"),
    };

    private static string? Refusal(DotNetParser parser, string text, ParserOptions options)
    {
        try
        {
            parser.Parse(text, options.Goal);
            return null;
        }
        // Both look whether the stack suffices, in some of their methods.
        catch (Exception fault) when (fault is FormatException or InsufficientExecutionStackException)
        {
            return fault.Message;
        }
    }
}
