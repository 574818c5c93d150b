using System.Collections.ObjectModel;

namespace Enclave.Guard;

/// <summary>What a host changes in a preset.</summary>
public sealed record GuardOptions
{
    /// <summary>Nothing changed.</summary>
    public static GuardOptions Default { get; } = new();

    /// <summary>The globals a script may name, in place of the level's; what is listed is no longer disallowed. Default: null, the level's.</summary>
    public IReadOnlyCollection<string>? AllowedGlobals { get; init; }

    /// <summary>Globals the host gives to the script, beside the allowed ones. Default: none.</summary>
    public IReadOnlyCollection<string> ProvidedGlobals { get; init; } = [];

    /// <summary>More names that are refused, as references and as declarations. Wins over allowed names. Default: none.</summary>
    public IReadOnlyCollection<string> AdditionalDisallowedIdentifiers { get; init; } = [];

    /// <summary>The kinds of loops there are. Default: null, the preset's.</summary>
    public LoopKinds? AllowedLoops { get; init; }

    /// <summary>Whether the agentscript preset has arrow functions. Default: true.</summary>
    public bool AllowArrowFunctions { get; init; } = true;

    /// <summary>Whether async functions and all awaits are allowed. Default: null, the preset's: not in strict and secure.</summary>
    public bool? AllowAsync { get; init; }

    /// <summary>Beginnings of names that a script may not declare or assign, beside those of the transform. Default: none.</summary>
    public IReadOnlyCollection<string> ReservedPrefixes { get; init; } = [];

    /// <summary>Whether the names of tools have to stand in the text. Default: null, the preset's: in agentscript below PERMISSIVE.</summary>
    public bool? StaticCallTarget { get; init; }

    /// <summary>The tools a script may name. Default: null, any.</summary>
    public IReadOnlyCollection<string>? AllowedToolNames { get; init; }

    /// <summary>Whether a script has to call a tool. Default: false.</summary>
    public bool RequireCallTool { get; init; }

    /// <summary>Functions a script has to call. Default: none.</summary>
    public IReadOnlyCollection<string> RequiredFunctions { get; init; } = [];

    /// <summary>Whether all required functions have to be called, or any of them. Default: all.</summary>
    public RequiredFunctions RequiredFunctionMode { get; init; }

    /// <summary>How often each required function has to be called, counted in the text. Range: 0 and above. Default: 1.</summary>
    public int MinFunctionCalls { get; init; } = 1;

    /// <summary>How often each required function may be called, counted in the text. Default: any number.</summary>
    public int MaxFunctionCalls { get; init; } = int.MaxValue;

    /// <summary>What listed functions take. Default: anything.</summary>
    public IReadOnlyDictionary<string, ArgumentRule> FunctionArgumentRules { get; init; } = ImmutableDictionary<string, ArgumentRule>.Empty;

    /// <summary>What callTool takes. Default: null, anything; <see cref="ArgumentRule.CallTool"/> is the documented check.</summary>
    public ArgumentRule? CallToolValidation { get; init; }

    /// <summary>Severities in place of the rules' own, by the name of the rule; null switches the rule off. Default: none.</summary>
    public IReadOnlyDictionary<string, IssueSeverity?> Rules { get; init; } = ReadOnlyDictionary<string, IssueSeverity?>.Empty;

    /// <summary>Most errors, and most other issues, of one script. Range: 1 to 1,000. Default: 100.</summary>
    public int MaxIssues { get; init => field = InRange(value, nameof(MaxIssues)); } = 100;

    /// <summary>Names of the host's tools that every script may know, for hints. Default: none.</summary>
    public IReadOnlyCollection<string> ToolNames { get; init; } = [];

    private static int InRange(int value, string name) =>
        value is >= 1 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} has to be between 1 and 1,000");
}
