using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>Our parser with acorn's settings: the newest language.</summary>
internal static class Ours
{
    private static readonly ParserOptions s_script = new() { Edition = LanguageEdition.Latest };
    private static readonly ParserOptions s_module = s_script with { Goal = SourceGoal.Module };

    public static ParserOptions Options(SourceGoal goal) => goal == SourceGoal.Module ? s_module : s_script;

    public static ParseResult Parse(string source, SourceGoal goal) => Parser.Parse(source, Options(goal));

    /// <summary>The digest of the tree's JSON, computed as the oracle does for acorn.</summary>
    public static string Hash(Program program, string source)
    {
        using var digest = new DigestWriter();
        EstreeWriter.Write(program, source, EstreePositions.Offsets, digest);
        return digest.Finish();
    }

    /// <summary>The result of a check, or its exception: one failure must not hide those after it.</summary>
    public static string? Complaint(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (Exception exception)
        {
            return $"throws {exception.GetType().Name}: {exception.Message} {string.Join(' ', (exception.StackTrace ?? "").Split('\n').Take(4))}";
        }
    }

    /// <summary>The tree with the first goal that gives one, or the refusals of both.</summary>
    public static (ParseResult Result, SourceGoal? Goal) ParseAsNeeded(string source)
    {
        ParseResult script = Parse(source, SourceGoal.Script);
        if (script.Success) return (script, SourceGoal.Script);
        ParseResult module = Parse(source, SourceGoal.Module);
        return module.Success ? (module, SourceGoal.Module) : (script, null);
    }
}
