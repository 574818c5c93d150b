namespace Enclave.Cli.Options;

/// <summary>Engines by name, ignoring case.</summary>
internal static class Engines
{
    public const string Form = "native or portable";

    public static IReadOnlyList<string> Names { get; } = ["native", "portable"];

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out ScriptEngine engine) =>
        Enum.TryParse(text, ignoreCase: true, out engine) && Names.Contains(text, StringComparer.OrdinalIgnoreCase);
}
