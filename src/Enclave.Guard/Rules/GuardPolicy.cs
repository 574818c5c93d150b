using System.Collections.ObjectModel;
using Enclave.Guard.Options;
using Enclave.JavaScript;

namespace Enclave.Guard.Rules;

/// <summary>The rules for a script: a preset at a level, with a host's changes. It is immutable, so all threads share it.</summary>
internal sealed class GuardPolicy
{
    /// <summary>How scripts are parsed: as the body of an async function in strict code, which is how they run.</summary>
    public ParserOptions Parsing { get; init; } = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
        Mode = LanguageMode.Strict,
    };

    /// <summary>The globals that a script may name. Some presets do not check other names.</summary>
    public required IReadOnlySet<string> AllowedGlobals { get; init; }

    /// <summary>The same globals, for hints.</summary>
    public NameIndex AllowedNames => field ??= new NameIndex(AllowedGlobals);

    /// <summary>The names of the host's tools, for hints. Default: unknown.</summary>
    public ToolHints Tools { get; init; } = ToolHints.None;

    /// <summary>The rules. Their order decides between issues that are otherwise equal.</summary>
    public required ImmutableArray<IGuardRule> Rules
    {
        get;
        init
        {
            field = value;
            ByKind = RuleWalk.Dispatch(value);
        }
    }

    /// <summary>Severities that replace the rules' own.</summary>
    public IReadOnlyDictionary<string, RuleSeverity> Severities { get; init; } = ReadOnlyDictionary<string, RuleSeverity>.Empty;

    /// <summary>The most errors to keep, and the most other issues.</summary>
    public int MaxIssues { get; init; } = 100;

    /// <summary>The rules by kind of node.</summary>
    public IGuardRule[]?[] ByKind { get; private init; } = [];
}
