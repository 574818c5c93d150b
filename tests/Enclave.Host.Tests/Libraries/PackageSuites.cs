using System.Text.Json;
using Enclave.JavaScript.Tests;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>The tests of published packages as programs: package, what it requires, and its tests, in one text (tests/Enclave.Host.Tests/suites).</summary>
internal static class PackageSuites
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "suites");

    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm", "suites");

    public static IReadOnlyList<string> Packages { get; } =
    [
        "deep-is", "es-to-primitive", "fast-json-stable-stringify", "is-regex", "json-stable-stringify", "math-intrinsics", "minimist", "qs",
        "safe-regex-test", "semver-compare", "which-boxed-primitive",
    ];

    /// <summary>Why there are no programs here; null if there are.</summary>
    public static string? Missing { get; } = Directory.Exists(s_installed)
        ? null
        : $"{s_installed} is not installed. Run ./test.sh, or: source eng/setup.sh; npm_tools suites tests/Enclave.Host.Tests/suites";

    /// <summary>The program of a package. It returns a line for each assertion.</summary>
    public static Task<string> Program(string package) => Bundle(package, run: false);

    /// <summary>The lines that the program returns on the pinned node.</summary>
    public static async Task<string[]> ResultOnNode(string package) => JsonSerializer.Deserialize<string[]>(await Bundle(package, run: true))!;

    private static async Task<string> Bundle(string package, bool run) => await PinnedNode.Run(
        await File.ReadAllTextAsync(Path.Combine(s_folder, "bundle.js")), JsonSerializer.Serialize(
            new { root = s_installed, package, tape = Path.Combine(s_folder, "tape.js"), run }));
}
