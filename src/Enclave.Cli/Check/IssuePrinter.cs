using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Check;

/// <summary>Prints issues as compilers do: place, code and message, the line with the place marked, and what to write instead.</summary>
/// <param name="output">Where to.</param>
/// <param name="name">What the script is called there.</param>
/// <param name="source">The script.</param>
internal sealed class IssuePrinter(Channel output, string name, string source)
{
    public void Print(IEnumerable<GuardIssue> issues)
    {
        foreach (GuardIssue issue in issues) Print(issue);
    }

    /// <summary>For example <c>1 error, 2 warnings</c>; null if there is nothing to say.</summary>
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
