using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Differences between us and the compiler for a typed text.</summary>
internal enum Difference
{
    WeRefuse,
    WeAccept,

    /// <summary>The compiler emits code for something that we erase, or we refuse something that it erases.</summary>
    Erasable,
    TreesDiffer,

    /// <summary>The trees are equal, but not their offsets, which must be those of the text with blanks for its types.</summary>
    OffsetsDiffer,
    WeThrow,
}

/// <summary>A text over which we and the compiler differ.</summary>
internal sealed record Finding(Difference Kind, string Source, string? Theirs, string? Ours)
{
    /// <summary>The grammar rule that the text breaks and that the compiler leaves to its checker.</summary>
    public string? Rule { get; init; }

    public override string ToString() => $"{Kind}\n    source: {Differential.Disagreement.Escape(Source.Length > 2_000 ? Source[..200] : Source)}\n    " +
        $"theirs: {Theirs ?? "accepts"} {Rule}\n    ours:   {Ours ?? "accepts"}";

    /// <summary>A key for the cause of findings.</summary>
    public string Cause => $"{Kind} {Plain(Theirs)} {Plain(Ours)}";

    private static string Plain(string? message) => message is null ? "" : System.Text.RegularExpressions.Regex.Replace(message, @"'[^']*'| \(\d+:\d+\)$", "");
}

internal static class Comparison
{
    private static readonly ParserOptions s_typed = new() { Edition = LanguageEdition.Latest, Language = SourceLanguage.TypeScript };

    public static Finding? Of(string source, CompilerAnswer compiler, SourceLanguage language = SourceLanguage.TypeScript)
    {
        try
        {
            return Compare(source, compiler, language) is { } found ? found with { Rule = compiler.Rule } : null;
        }
        catch (Exception exception)
        {
            return new(Difference.WeThrow, source, null, $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n')[0]}");
        }
    }

    private static Finding? Compare(string source, CompilerAnswer compiler, SourceLanguage language)
    {
        if (compiler.IsTrouble) return null;
        ParseResult ours = Parser.Parse(source, s_typed with { Goal = compiler.Goal, Language = language });
        if (compiler.Error is not null) return ours.Success ? new(Difference.WeAccept, source, compiler.Error, null) : null;
        bool isKept = ours.Error?.Code == ParseErrorCode.NotErasable;
        if (compiler.Kept is not null) return ours.Success ? new(Difference.Erasable, source, compiler.Kept, null) : null;
        if (isKept) return new(Difference.Erasable, source, null, ours.Error!.ToString());
        if (compiler.JavaScript is null) return ours.Success ? null : new(Difference.WeRefuse, source, null, Said(ours));
        // The compiler's output may not be a program: it leaves many rules to its checker, and some are never checked.
        ParseResult theirs = Parser.Parse(compiler.JavaScript, Ours.Options(compiler.Goal));
        if (!theirs.Success) return ours.Success ? new(Difference.WeAccept, source, $"writes what is no program: {Said(theirs)}", null) : null;
        if (!ours.Success) return new(Difference.WeRefuse, source, null, Said(ours));
        if (compiler.HasEnum) return null;
        if (Meaning(ours.Program, source) != Meaning(theirs.Program, compiler.JavaScript))
            return Trees(source, ours.Program, compiler.JavaScript, theirs.Program, EstreePositions.None);
        return Offsets(source, ours.Program, compiler);
    }

    private static Finding? Offsets(string source, Program ours, CompilerAnswer compiler)
    {
        if (compiler.Blank is null || MovesTokens(compiler.Blank, source)) return null;
        string text = WithoutAddedSemicolons(compiler.Blank, source);
        ParseResult blank = Parser.Parse(text, Ours.Options(compiler.Goal));
        // If a line end replaces a type, the statements end elsewhere.
        if (!blank.Success || Meaning(blank.Program, text) != Meaning(ours, source)) return null;
        return Ours.Hash(ours, source) == Ours.Hash(blank.Program, text) ? null : Trees(source, ours, text, blank.Program, EstreePositions.Offsets);
    }

    // ts-blank-space moves a parenthesis to an allowed place if types over several lines stand before it.
    private static bool MovesTokens(string blank, string source)
    {
        for (int i = 0; i < blank.Length && i < source.Length; i++)
        {
            if (blank[i] != source[i] && blank[i] is not (';' or '\n' or '\r') && !char.IsWhiteSpace(blank[i])) return true;
        }

        return false;
    }

    // It puts one in the place of a statement of types only.
    private static string WithoutAddedSemicolons(string blank, string source) =>
        string.Create(blank.Length, (blank, source), static (to, from) =>
        {
            from.blank.CopyTo(to);
            for (int i = 0; i < to.Length && i < from.source.Length; i++)
            {
                if (to[i] == ';' && from.source[i] != ';') to[i] = ' ';
            }
        });

    private static Finding Trees(string source, Program ours, string other, Program theirs, EstreePositions positions)
    {
        string first = Json(ours, source, positions), second = Json(theirs, other, positions);
        int at = first.AsSpan().CommonPrefixLength(second);
        return new(positions == EstreePositions.None ? Difference.TreesDiffer : Difference.OffsetsDiffer, source, Around(second, at), Around(first, at));
    }

    private static string Meaning(Program program, string source)
    {
        using var digest = new DigestWriter();
        EstreeWriter.Write(program, source, EstreePositions.None, digest);
        return digest.Finish();
    }

    private static string Json(Program program, string source, EstreePositions positions)
    {
        using var text = new StringWriter();
        EstreeWriter.Write(program, source, positions, text);
        return text.ToString();
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 120)];

    private static string Said(ParseResult result) => $"{result.Error!.Code}: {result.Error}";
}
