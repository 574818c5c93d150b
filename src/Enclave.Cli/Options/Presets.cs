using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>Presets of rules by name, ignoring case.</summary>
internal static class Presets
{
    public const string Form = "agentscript, strict, secure, standard, permissive or javascript";

    public static IReadOnlyList<string> Names { get; } = ["agentscript", "strict", "secure", "standard", "permissive", "javascript"];

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out GuardPreset preset) =>
        Enum.TryParse(text, ignoreCase: true, out preset) && char.IsAsciiLetter(text[0]);
}
