using Enclave.Guard.Issues;

namespace Enclave.Guard;

/// <summary>A problem of a script, and what to write instead.</summary>
/// <param name="Rule">The rule that found it, as in <c>no-eval</c>. Checks before the rules are named <c>pre-scan</c> and <c>parser</c>.</param>
/// <param name="Code">The kind of problem, as in <c>NO_EVAL</c>.</param>
/// <param name="Message">One sentence for people. A longer text than 1,000 characters loses its middle, as those of <c>Hint</c> and <c>Data</c> do.</param>
/// <param name="Severity">Says if the script may still run.</param>
public sealed record GuardIssue(string Rule, string Code, string Message, IssueSeverity Severity)
{
    /// <summary>One sentence for people.</summary>
    public string Message { get; init => field = IssueText.Cut(value); } = IssueText.Cut(Message);

    /// <summary>The place in the script; null if the issue concerns the whole script.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>The code to write instead, in one sentence; null if the message says enough.</summary>
    public string? Hint { get; init => field = IssueText.Cut(value); }

    /// <summary>Details for programs: a name, or an actual value and its limit. Values are strings, numbers or booleans.</summary>
    public IReadOnlyDictionary<string, object> Data { get; init => field = IssueText.Cut(value); } = ImmutableDictionary<string, object>.Empty;

    /// <summary>The approximate memory of its texts.</summary>
    internal long Bytes => 2L * (Message.Length + (Hint?.Length ?? 0) + Data.Values.Sum((value) => value is string text ? text.Length : 0));
}
