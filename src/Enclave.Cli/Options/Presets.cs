using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>Presets of rules by name, ignoring case.</summary>
internal static class Presets
{
    public const string Form = "agentscript, strict, secure, standard, permissive or javascript";

    public static IReadOnlyList<string> Names { get; } = ["agentscript", "strict", "secure", "standard", "permissive", "javascript"];

    public static string NameOf(GuardPreset preset) => preset.ToString().ToLowerInvariant();

    /// <summary>The rules of a server, for people. Without <c>--preset</c> sessions and the code of MCP clients have different rules.</summary>
    public static string Of(GuardPreset? given) => given is { } preset ? $"rules {NameOf(preset)}" : "rules agentscript (javascript for MCP)";

    /// <summary>A hint for scripts that only the default rules refuse.</summary>
    public static string Hint(string preset, string accepted) =>
        $"hint: --preset {preset} accepts {accepted}; process, jail and limits protect this machine with any rules";

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out GuardPreset preset) =>
        Enum.TryParse(text, ignoreCase: true, out preset) && char.IsAsciiLetter(text[0]);
}
