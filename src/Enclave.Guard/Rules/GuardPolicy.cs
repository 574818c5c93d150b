using System.Collections.ObjectModel;
using Enclave.Guard.Options;
using Enclave.JavaScript;

namespace Enclave.Guard.Rules;

/// <summary>What a script may do: a preset at a level, with a host's changes. Nothing in it changes, so that all threads share it.</summary>
internal sealed class GuardPolicy
{
    /// <summary>The preset it was made from.</summary>
    public required GuardPreset Preset { get; init; }

    /// <summary>The level it was made for.</summary>
    public required GuardLevel Level { get; init; }

    /// <summary>How scripts are read: as the body of an async function in strict code, which is what runs.</summary>
    public ParserOptions Parsing { get; init; } = new() { TopLevel = TopLevel.Return | TopLevel.Await, Edition = LanguageEdition.Latest, Mode = LanguageMode.Strict };

    /// <summary>The globals a script may name; what others it may name, the preset does not ask.</summary>
    public required IReadOnlySet<string> AllowedGlobals { get; init; }

    /// <summary>What the host's tools are called, for hints. Default: not known.</summary>
    public ToolHints Tools { get; init; } = ToolHints.None;

    /// <summary>The rules; where issues are equal otherwise, in this order.</summary>
    public required ImmutableArray<IGuardRule> Rules
    {
        get;
        init
        {
            field = value;
            ByKind = RuleWalk.Dispatch(value);
        }
    }

    /// <summary>Severities in place of the rules' own.</summary>
    public IReadOnlyDictionary<string, RuleSeverity> Severities { get; init; } = ReadOnlyDictionary<string, RuleSeverity>.Empty;

    /// <summary>Most errors, and most other issues, that are kept.</summary>
    public int MaxIssues { get; init; } = 100;

    /// <summary>The rules by the kinds of nodes they ask for.</summary>
    public IGuardRule[]?[] ByKind { get; private init; } = [];
}
