using System.Text.Json;
using Enclave.Guard;
using Enclave.JavaScript.Tests;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>
/// The tests of published packages under the preset <c>javascript</c>, file by file, with the same
/// results as in strict code on node (tests/Enclave.Host.Tests/suites).
/// </summary>
public sealed class SuiteTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "suites");

    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm", "suites");

    public static TheoryData<string, SecurityLevel> Runs
    {
        get
        {
            string[] packages =
            [
                "deep-is", "es-to-primitive", "fast-json-stable-stringify", "is-regex", "json-stable-stringify", "math-intrinsics", "minimist", "qs",
                "safe-regex-test", "semver-compare",
                "which-boxed-primitive",
            ];
            SecurityLevel[] levels = TestSize.Full ? Enum.GetValues<SecurityLevel>() : [SecurityLevel.Standard];
            return [.. packages.SelectMany((package) => levels.Select((level) => (package, level)))];
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_packages_own_tests_give_what_they_give_on_node(string package, SecurityLevel level)
    {
        if (!Directory.Exists(s_installed))
            Assert.Skip($"{s_installed} is not installed. Run ./test.sh, or: source eng/setup.sh; npm_tools suites tests/Enclave.Host.Tests/suites");
        string program = await Bundle(package, false);
        string[] expected = JsonSerializer.Deserialize<string[]>(await Bundle(package, true))!;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = level,
            Preset = GuardPreset.JavaScript,
            // Some compile text, or try to: it throws here as it does on that node.
            Guard = new GuardOptions { Rules = new Dictionary<string, IssueSeverity?> { ["no-eval"] = IssueSeverity.Warning } },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            MaxIterations = 10_000_000,
            Timeout = TimeSpan.FromMinutes(1),
        });

        ExecutionResult result = await Within.Deadline(host.RunAsync(program), package);

        Assert.True(result.Success, $"{result.Error?.Code}: {result.Error?.Message}");
        Assert.Equal(expected, result.Value.Items.Select((line) => line.AsString()));
        Assert.True(
            expected.Length > 0 && expected.Count((line) => line.Contains(" ok ", StringComparison.Ordinal)) > expected.Length * 0.9, "the tests pass at all");
    }

    private static async Task<string> Bundle(string package, bool run) => await PinnedNode.Run(
        await File.ReadAllTextAsync(Path.Combine(s_folder, "bundle.js")), JsonSerializer.Serialize(
            new { root = s_installed, package, tape = Path.Combine(s_folder, "tape.js"), run }));
}
