namespace Enclave.Guard.Rules;

/// <summary>
/// <c>tool-names</c>, <c>tool-arguments</c> and <c>tool-answers</c>: calls compared with the tools. The host checks them, because each run has its own tools.
/// </summary>
internal static class ToolCallRules
{
    /// <summary>A tool that the run does not have. An error like <see cref="BadArguments"/>.</summary>
    public static RuleCode UnknownTool { get; } = new("UNKNOWN_TOOL");

    /// <summary>Arguments that do not fit. An error if the call certainly fails and the script does not catch it.</summary>
    public static RuleCode BadArguments { get; } = new("TOOL_ARGUMENTS");

    /// <summary>A promise of an answer is used as the answer.</summary>
    public static RuleCode MissingAwait { get; } = new("TOOL_AWAIT", IssueSeverity.Warning);

    /// <summary>A member that the result's schema does not have.</summary>
    public static RuleCode UnknownMember { get; } = new("TOOL_ANSWER_MEMBER", IssueSeverity.Warning);

    /// <summary>An answer that is data already is parsed as JSON.</summary>
    public static RuleCode ParsedAnswer { get; } = new("TOOL_ANSWER_PARSED", IssueSeverity.Warning);

    /// <summary>A comparison of an answer with a text that it never is.</summary>
    public static RuleCode NeverEqual { get; } = new("TOOL_ANSWER_VALUE", IssueSeverity.Warning);

    /// <summary>A value that a line end or a brace cuts off from its return.</summary>
    public static RuleCode LostValue { get; } = new("LOST_VALUE", IssueSeverity.Warning);

    /// <summary>A secret was masked in an answer. The run finds it.</summary>
    public static RuleCode MaskedSecret { get; } = new("SECRET_MASKED", IssueSeverity.Warning);

    public static RuleDescription Names { get; } = new(
        "tool-names", [UnknownTool],
        "Refuses calls of tools that the run does not have.",
        "Call a tool that the run has, by its exact name.");

    public static RuleDescription Arguments { get; } = new(
        "tool-arguments", [BadArguments],
        "Refuses calls with arguments that the tool's schema certainly refuses.",
        "Give the arguments that the tool declares, with these names and kinds.");

    public static RuleDescription Answers { get; } = new(
        "tool-answers", [MissingAwait, UnknownMember, ParsedAnswer, NeverEqual, LostValue, MaskedSecret],
        "Warns of promises that are not awaited, of members and texts that the result's schema does not have, and of values that are not returned.",
        "Read the answer as the tool declares it.");

    /// <summary>True for the names of these rules.</summary>
    public static bool Has(string rule) => rule == Names.Name || rule == Arguments.Name || rule == Answers.Name;
}
