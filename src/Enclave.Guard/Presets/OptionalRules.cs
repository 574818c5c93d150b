using System.Collections.Frozen;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>The rules that a host's options switch on, in every preset.</summary>
internal static class OptionalRules
{
    public static IEnumerable<IGuardRule> Of(GuardOptions options)
    {
        ImmutableArray<string> required = [.. options.RequiredFunctions.Concat(options.RequireCallTool ? ["callTool"] : []).Distinct(StringComparer.Ordinal)];
        if (!required.IsEmpty)
        {
            yield return new RequiredFunctionCallRule(required, options.RequiredFunctionMode, options.MinFunctionCalls, options.MaxFunctionCalls);
        }

        Dictionary<string, ArgumentRule> arguments = new(options.FunctionArgumentRules, StringComparer.Ordinal);
        if (options.CallToolValidation is { } callTool) arguments["callTool"] = callTool;
        if (arguments.Count > 0) yield return new CallArgumentValidationRule(arguments.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The check of tools' names, if the preset or the host requires it.</summary>
    public static IEnumerable<IGuardRule> CallTargets(GuardOptions options, CallTargetUse preset)
    {
        bool asked = options.StaticCallTarget ?? (preset == CallTargetUse.Static || options.AllowedToolNames is not null);
        if (!asked) yield break;
        FrozenSet<string>? allowed = options.AllowedToolNames?.ToFrozenSet(StringComparer.Ordinal);
        // The rule must suggest only names of tools that exist.
        IEnumerable<string> known = options.ToolNames.Count == 0 ? allowed ?? [] : options.ToolNames.Where((name) => allowed?.Contains(name) == true);
        yield return new StaticCallTargetRule(allowed, [.. known]);
    }

    public static ReservedPrefixRule Prefixes(GuardOptions options) => new([.. PresetNames.ReservedPrefixes, .. options.ReservedPrefixes]);

    public static FrozenSet<string> Anywhere(GuardOptions options) => options.AdditionalDisallowedIdentifiers.ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>A preset's rule for tools' names.</summary>
internal enum CallTargetUse
{
    /// <summary>The text must show the names of called tools.</summary>
    Static,

    /// <summary>They may be made at run time.</summary>
    Dynamic,
}
