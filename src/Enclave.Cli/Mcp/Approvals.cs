using Enclave.Mcp;

namespace Enclave.Cli.Mcp;

/// <summary>The values of <c>--approval</c>, ignoring case: the names of <see cref="McpApproval"/>, with hyphens between their words.</summary>
internal static class Approvals
{
    public const string Form = "always, unless-read-only, when-destructive or never", Usual = "when-destructive";

    public static IReadOnlyList<string> Names { get; } = ["always", "unless-read-only", "when-destructive", "never"];

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out McpApproval approval)
    {
        approval = default;
        return Names.Contains(text, StringComparer.OrdinalIgnoreCase)
            && Enum.TryParse(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out approval);
    }
}
