using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Check;

/// <summary>Prints issues like a compiler: place, code and message, the marked line, and a suggestion.</summary>
/// <param name="output">The channel to print to.</param>
/// <param name="name">The script's name in the output.</param>
/// <param name="source">The script.</param>
internal sealed class IssuePrinter(Channel output, string name, string source)
{
    public void Print(IEnumerable<GuardIssue> issues)
    {
        foreach (GuardIssue issue in issues) Print(issue);
    }

    /// <summary>For example <c>1 error, 2 warnings</c>; null for none.</summary>
    public static string? Count(IReadOnlyCollection<GuardIssue> issues)
    {
        string[] counts =
        [
            .. from pair in new[] { (IssueSeverity.Error, "error"), (IssueSeverity.Warning, "warning"), (IssueSeverity.Info, "remark") }
               let count = issues.Count((issue) => issue.Severity == pair.Item1)
               where count > 0
               select Plural.Of(count, pair.Item2),
        ];
        return counts.Length == 0 ? null : string.Join(", ", counts);
    }

    private void Print(GuardIssue issue)
    {
        (string severity, Ink ink) = issue.Severity switch
        {
            IssueSeverity.Error => ("error", Ink.Error),
            IssueSeverity.Warning => ("warning", Ink.Warning),
            _ => ("remark", Ink.Plain),
        };
        string place = issue.Location is { } at ? $":{at.Line}:{at.Column}" : "";
        output.WriteLine($"{name}{place}: {severity} {issue.Code}: {issue.Message}", ink);
        if (issue.Location is { } shown) output.WriteLine(SourceExcerpt.At(source, shown.Offset, shown.Length));
        if (issue.Hint is { } hint) output.WriteLine($"    hint: {hint}", Ink.Faint);
    }
}
