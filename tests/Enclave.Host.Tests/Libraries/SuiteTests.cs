using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>
/// The tests of published packages under the preset <c>javascript</c>, file by file, with the same
/// results as in strict code on node (tests/Enclave.Host.Tests/suites).
/// </summary>
public sealed class SuiteTests
{
    public static TheoryData<string, SecurityLevel> Runs
    {
        get
        {
            SecurityLevel[] levels = TestSize.Full ? Enum.GetValues<SecurityLevel>() : [SecurityLevel.Standard];
            return [.. PackageSuites.Packages.SelectMany((package) => levels.Select((level) => (package, level)))];
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_packages_own_tests_give_what_they_give_on_node(string package, SecurityLevel level)
    {
        Assert.SkipWhen(PackageSuites.Missing is not null, PackageSuites.Missing ?? "");
        string program = await PackageSuites.Program(package);
        string[] expected = await PackageSuites.ResultOnNode(package);
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
}
