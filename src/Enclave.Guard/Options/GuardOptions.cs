using System.Collections.ObjectModel;

namespace Enclave.Guard;

/// <summary>A host's changes to a preset.</summary>
public sealed record GuardOptions
{
    /// <summary>Changes nothing.</summary>
    public static GuardOptions Default { get; } = new();

    /// <summary>
    /// The globals that a script may name, in place of the level's list. Globals listed here are no longer disallowed. Default: null, the level's.
    /// </summary>
    public IReadOnlyCollection<string>? AllowedGlobals { get; init; }

    /// <summary>Globals that the host gives to the script, in addition to the allowed ones. Default: none.</summary>
    public IReadOnlyCollection<string> ProvidedGlobals { get; init; } = [];

    /// <summary>More names to refuse, as references and as declarations. They win over allowed names. Default: none.</summary>
    public IReadOnlyCollection<string> AdditionalDisallowedIdentifiers { get; init; } = [];

    /// <summary>The kinds of loops that are allowed. Default: null, the preset's.</summary>
    public LoopKinds? AllowedLoops { get; init; }

    /// <summary>True if the agentscript preset allows arrow functions. Default: true.</summary>
    public bool AllowArrowFunctions { get; init; } = true;

    /// <summary>True if async functions and all awaits are allowed. Default: null, the preset's choice: strict and secure refuse them.</summary>
    public bool? AllowAsync { get; init; }

    /// <summary>Prefixes of names that a script may not declare or assign, in addition to the transform's own. Default: none.</summary>
    public IReadOnlyCollection<string> ReservedPrefixes { get; init; } = [];

    /// <summary>
    /// True if the text must show the names of called tools. Default: null, the preset's choice: agentscript at STRICT, SECURE and STANDARD requires it.
    /// </summary>
    public bool? StaticCallTarget { get; init; }

    /// <summary>The tools that a script may name. Default: null, any.</summary>
    public IReadOnlyCollection<string>? AllowedToolNames { get; init; }

    /// <summary>True if a script must call a tool. Default: false.</summary>
    public bool RequireCallTool { get; init; }

    /// <summary>Functions that a script must call. Default: none.</summary>
    public IReadOnlyCollection<string> RequiredFunctions { get; init; } = [];

    /// <summary>Says if a script must call all required functions or any of them. Default: all.</summary>
    public RequiredFunctions RequiredFunctionMode { get; init; }

    /// <summary>The fewest calls of each required function, counted in the text. Range: 0 and above. Default: 1.</summary>
    public int MinFunctionCalls { get; init; } = 1;

    /// <summary>The most calls of each required function, counted in the text. Default: no limit.</summary>
    public int MaxFunctionCalls { get; init; } = int.MaxValue;

    /// <summary>Rules for the arguments of these functions. Default: none.</summary>
    public IReadOnlyDictionary<string, ArgumentRule> FunctionArgumentRules { get; init; } = ImmutableDictionary<string, ArgumentRule>.Empty;

    /// <summary>The rule for the arguments of callTool. Default: null, no rule. <see cref="ArgumentRule.CallTool"/> is the documented check.</summary>
    public ArgumentRule? CallToolValidation { get; init; }

    /// <summary>Severities by rule name. They replace the rule's own; null switches the rule off. Default: none.</summary>
    public IReadOnlyDictionary<string, IssueSeverity?> Rules { get; init; } = ReadOnlyDictionary<string, IssueSeverity?>.Empty;

    /// <summary>The most errors reported for one script, and the most other issues. Range: 1 to 1,000. Default: 100.</summary>
    public int MaxIssues { get; init => field = InRange(value, nameof(MaxIssues)); } = 100;

    /// <summary>Names of the host's tools that any script may see, for hints. Default: none.</summary>
    public IReadOnlyCollection<string> ToolNames { get; init; } = [];

    private static int InRange(int value, string name) =>
        value is >= 1 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} has to be between 1 and 1,000");
}
