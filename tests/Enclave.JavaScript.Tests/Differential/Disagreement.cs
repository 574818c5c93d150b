using System.Text;
using System.Text.RegularExpressions;
using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>The kind of difference between us and acorn.</summary>
internal enum DisagreementKind
{
    WeRefuse,
    WeAccept,
    TreesDiffer,
    WeThrow,
}

/// <summary>A text over which we and acorn differ.</summary>
/// <param name="Kind">The kind of difference.</param>
/// <param name="Source">The text.</param>
/// <param name="Goal">The goal with which it was parsed.</param>
/// <param name="Acorn">Acorn's message, if it refused.</param>
/// <param name="Ours">Our error, if we refused.</param>
internal sealed partial record Disagreement(DisagreementKind Kind, string Source, SourceGoal Goal, string? Acorn, ParseError? Ours)
{
    /// <summary>A key for the cause: the kind and both messages without places and names. Disagreements of one cause share it.</summary>
    public string Cause => $"{Kind}: acorn {Plain(Acorn)}; ours {Plain(Ours is null ? null : $"{Ours.Code}: {Ours.Message}")}";

    /// <summary>The disagreement. Null if both agree or acorn has no verdict.</summary>
    public static Disagreement? Between(string source, SourceGoal goal, AcornVerdict acorn, ParseResult ours)
    {
        if (acorn.IsTrouble) return null;
        if (!acorn.Accepts) return ours.Success ? new(DisagreementKind.WeAccept, source, goal, acorn.Error, null) : null;
        if (!ours.Success) return new(DisagreementKind.WeRefuse, source, goal, null, ours.Error);
        return Corpus.Ours.Hash(ours.Program, source) == acorn.Hash ? null : new(DisagreementKind.TreesDiffer, source, goal, null, null);
    }

    /// <summary>A text for which our parser threw. The exception takes the place of acorn's message.</summary>
    public static Disagreement Thrown(string source, SourceGoal goal, Exception exception) =>
        new(DisagreementKind.WeThrow, source, goal, $"not asked, as we throw {exception.GetType().Name}: {exception.StackTrace?.Split('\n')[0].Trim()}", null);

    /// <summary>The text with escapes, the goal, and both answers.</summary>
    public override string ToString() =>
        $"{Kind} as {Goal}\n    source: {Escape(Source)}\n    acorn:  {Acorn ?? "accepts"}\n    ours:   {Ours?.ToString() ?? "accepts"}";

    /// <summary>The place where two texts begin to differ, with its surroundings.</summary>
    public static string FirstDifference(string acorn, string ours)
    {
        int at = acorn.AsSpan().CommonPrefixLength(ours);
        return $"at {at}\n    acorn:  {Around(acorn, at)}\n    ours:   {Around(ours, at)}";
    }

    /// <summary>Our JSON of a text.</summary>
    public static string OurTree(string source, SourceGoal goal) =>
        Corpus.Ours.Parse(source, goal).Program is { } program ? EstreeWriter.Write(program, source) : "refused";

    public static string Escape(string source)
    {
        var text = new StringBuilder(source.Length + 2).Append('"');
        foreach (char unit in source)
        {
            if (unit is '"' or '\\') text.Append('\\').Append(unit);
            else if (unit == '\n') text.Append("\\n");
            else if (unit is < ' ' or > '~') text.Append("\\u").Append(((int)unit).ToString("x4"));
            else text.Append(unit);
        }

        return text.Append('"').ToString();
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 160)..Math.Min(text.Length, at + 80)];

    private static string Plain(string? message) => message is null ? "accepts" : Quoted.Replace(Place.Replace(message, ""), "'…'");

    [GeneratedRegex(@" \(\d+:\d+\)$")]
    private static partial Regex Place { get; }

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted { get; }
}
