using System.Text;
using Enclave.Guard.Issues;
using Enclave.Guard.PreScan;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard;

/// <summary>
/// Checks the regular expressions of a typed script a second time. The pre-scan reads JavaScript: behind <c>a!</c> it takes a division for a regular
/// expression, and may then take the next regular expression for divisions. Only the tree shows which slash is which.
/// </summary>
internal static class TypedPatterns
{
    /// <summary>Runs the pre-scan over the regular expressions alone, one on each line.</summary>
    public static ImmutableArray<GuardIssue> Examine(string source, Program program, PreScanLimits limits)
    {
        var patterns = new Patterns();
        patterns.Visit(program);
        if (patterns.Found.Count == 0) return [];
        var text = new StringBuilder();
        foreach (RegExpLiteral literal in patterns.Found) text.Append("x=").Append(source, literal.Start, literal.End - literal.Start).Append(";\n");
        var places = new SourcePlaces(source);
        return [.. PreScanner.Scan(text.ToString(), limits).Issues.Select((issue) => At(issue, patterns.Found, places))];
    }

    private static GuardIssue At(GuardIssue issue, List<RegExpLiteral> found, SourcePlaces places) =>
        issue.Location is { } location && location.Line <= found.Count
            ? issue with { Location = places.Of(found[location.Line - 1]) }
            : issue with { Location = null };

    private sealed class Patterns : AstVisitor
    {
        public List<RegExpLiteral> Found { get; } = [];

        protected override void VisitRegExpLiteral(RegExpLiteral node) => Found.Add(node);
    }
}
