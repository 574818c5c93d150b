using System.Collections.Frozen;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Libraries;

/// <summary>Checks the operator's libraries before any worker loads them (docs/libraries.md).</summary>
/// <remarks>
/// The rules for scripts do not apply: bundles are used unchanged. A library must parse, and its name must be free.
/// </remarks>
internal static class LibraryGuard
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>Globals that are in no preset's list, and members that the global object inherits.</summary>
    private static readonly string[] s_others =
    [
        "escape", "unescape", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf", "__defineGetter__",
        "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "reportError", "CryptoKey",
    ];

    private static readonly FrozenSet<string> s_taken = GuardLevelTable.Permissive.Globals
        .Concat(PresetNames.Code).Concat(PresetNames.GlobalObject).Concat(PresetNames.Host)
        .Concat(PresetNames.Engine).Concat(PresetNames.Errors).Concat(PresetNames.RefusedByStrictPreset).Concat(s_others)
        .Concat(RunGlobals.All).ToFrozenSet(StringComparer.Ordinal);

    // A script's variable must be allowed to have the name.
    private static readonly ParserOptions s_name = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
        Mode = LanguageMode.Strict,
    };

    // The worker evaluates a library as the body of a function that is not async, in sloppy mode unless it says otherwise.
    private static readonly ParserOptions s_source = new() { TopLevel = TopLevel.Return, Edition = LanguageEdition.Latest, Mode = LanguageMode.Sloppy };

    /// <summary>Returns why a library may not have this name; null when it may.</summary>
    public static string? NameFault(string name)
    {
        if (name.Length is 0 or > MaxName || char.IsAsciiDigit(name[0]) || !name.All((c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$'))
        {
            return $"is not an identifier of 1 to {MaxName} letters, digits, _ and $";
        }

        bool isReserved = PresetNames.ReservedPrefixes.Any((prefix) => name.StartsWith(prefix, StringComparison.Ordinal));
        if (isReserved) return $"begins with {string.Join(" or ", PresetNames.ReservedPrefixes)}, which is reserved";
        if (s_taken.Contains(name)) return "is the name of a global of the language or of other hosts";
        return Parser.Parse($"const {name} = 0", s_name).Success ? null : "is a reserved word";
    }

    /// <summary>Returns why this source is not a library, with line and column; null if it can be evaluated.</summary>
    public static string? SourceFault(string source)
    {
        ParseResult parsed;
        try
        {
            parsed = Parser.Parse(source, s_source);
        }
        catch (InsufficientExecutionStackException)
        {
            return "is nested deeper than the stack of this thread allows";
        }

        if (parsed.Success) return null;
        SourcePosition at = parsed.Error.Position;
        ReadOnlySpan<char> rest = source.AsSpan(Math.Min(parsed.Error.Offset, source.Length));
        string hint = rest.StartsWith("import") || rest.StartsWith("export")
            ? ". It is an ECMAScript module: bundle it as CommonJS, UMD or an IIFE (esbuild --bundle --format=cjs)"
            : "";
        return $"does not parse: line {at.Line}, column {at.Column + 1}: {parsed.Error.Message}{hint}";
    }
}
