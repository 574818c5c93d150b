using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.DotNetParsers;

/// <summary>A parser of another package, with the settings that come nearest to ours: the newest language it has, and no tolerance.</summary>
/// <param name="Name">The package and its version.</param>
/// <param name="Positions">The positions that are compared.</param>
/// <param name="Parse">Gives the tree, or throws <see cref="FormatException"/> with the refusal's text.</param>
internal sealed record DotNetParser(string Name, EstreePositions Positions, Func<string, SourceGoal, object> Parse)
{
    private static readonly Acornima.ParserOptions s_acornima = new() { EcmaVersion = global::Acornima.EcmaVersion.Latest, AllowHashBang = true };
    private static readonly Esprima.ParserOptions s_esprima = new() { Tolerant = false, RegExpParseMode = global::Esprima.RegExpParseMode.Validate };

    public static DotNetParser Acornima { get; } = new("Acornima 1.9.1", EstreePositions.Offsets, ParseByAcornima);

    // Its ranges are its own: a program begins at its first token, a statement without a semicolon ends where the next token begins.
    public static DotNetParser Esprima { get; } = new("Esprima 3.0.6", EstreePositions.None, ParseByEsprima);

    public override string ToString() => Name;

    private static Acornima.Ast.Program ParseByAcornima(string source, SourceGoal goal)
    {
        var parser = new Acornima.Parser(s_acornima);
        try
        {
            return goal == SourceGoal.Module ? parser.ParseModule(source) : parser.ParseScript(source);
        }
        catch (Acornima.ParseErrorException refusal)
        {
            throw new FormatException(refusal.Error.Description, refusal);
        }
    }

    private static Esprima.Ast.Program ParseByEsprima(string source, SourceGoal goal)
    {
        var parser = new Esprima.JavaScriptParser(s_esprima);
        try
        {
            return goal == SourceGoal.Module ? parser.ParseModule(source) : parser.ParseScript(source);
        }
        catch (Esprima.ParserException refusal)
        {
            throw new FormatException(refusal.Description, refusal);
        }
    }
}
