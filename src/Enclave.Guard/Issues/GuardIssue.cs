namespace Enclave.Guard;

/// <summary>What is wrong, or looks wrong, with a script, and what to write instead.</summary>
/// <param name="Rule">The rule that found it, as in <c>no-eval</c>; <c>pre-scan</c> and <c>parser</c> for what comes before the rules.</param>
/// <param name="Code">What it found, as in <c>NO_EVAL</c>.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Severity">Whether it keeps the script from running.</param>
public sealed record GuardIssue(string Rule, string Code, string Message, IssueSeverity Severity)
{
    /// <summary>Where it is in the script; null for what concerns the whole of it.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>What to write instead, in one sentence; null where there is nothing to say beyond the message.</summary>
    public string? Hint { get; init; }

    /// <summary>Details for programs: a name, or an actual value and its limit. Values are strings, numbers or booleans.</summary>
    public IReadOnlyDictionary<string, object> Data { get; init; } = ImmutableDictionary<string, object>.Empty;
}
