using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>
/// The tests of published packages under the preset <c>javascript</c>, file by file, with the same
/// results as in strict code on node (tests/Enclave.Host.Tests/suites).
/// </summary>
public sealed class SuiteTests
{
    private const string Binder = "node_modules/function-bind/implementation.js", Asyncs = "node_modules/make-async-function/index.js";

    // The files of each suite that turn text into code, outside of what is only tried: the preset refuses them. Function-bind stands in for a missing
    // Function.prototype.bind and is never called; make-async-function tries whether the engine knows async functions, and handles that it fails.
    private static readonly Dictionary<string, string[]> s_refusedFiles = new()
    {
        ["deep-is"] = [],
        ["es-to-primitive"] = [Binder, Asyncs],
        ["fast-json-stable-stringify"] = [],
        ["is-regex"] = [Binder],
        ["json-stable-stringify"] = [Binder],
        ["math-intrinsics"] = [Binder, Asyncs],
        ["minimist"] = [],
        ["qs"] = [Binder, Asyncs],
        ["safe-regex-test"] = [Binder, Asyncs],
        ["semver-compare"] = [],
        ["which-boxed-primitive"] = [Binder, Asyncs],
    };

    public static TheoryData<string, SecurityLevel> Runs
    {
        get
        {
            SecurityLevel[] levels = TestSize.Full ? Enum.GetValues<SecurityLevel>() : [SecurityLevel.Standard];
            return [.. PackageSuites.Packages.SelectMany((package) => levels.Select((level) => (package, level)))];
        }
    }

    public static TheoryData<string> Packages => [.. PackageSuites.Packages];

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
            Guard = s_refusedFiles[package] is [] ? GuardOptions.Default : new GuardOptions
            {
                // Code made from text throws here as it does on that node.
                Rules = new Dictionary<string, IssueSeverity?> { ["no-eval"] = IssueSeverity.Warning },
            },
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

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task The_preset_refuses_only_the_files_that_turn_text_into_code(string package)
    {
        Assert.SkipWhen(PackageSuites.Missing is not null, PackageSuites.Missing ?? "");
        string program = await PackageSuites.Program(package);
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = SecurityLevel.Standard, Preset = GuardPreset.JavaScript });

        GuardIssue[] errors = [.. host.Validate(program).Issues.Where((issue) => issue.Severity == IssueSeverity.Error)];

        Assert.All(errors, (issue) => Assert.Equal("NO_EVAL", issue.Code));
        Assert.Equal(s_refusedFiles[package], errors.Select((issue) => FileAt(program, issue.Location!.Value.Offset)).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The file of the bundle that contains this offset.</summary>
    private static string FileAt(string program, int offset)
    {
        int end = program.LastIndexOf("\": [function (module, exports, require) {", offset, StringComparison.Ordinal);
        int start = program.LastIndexOf('"', end - 1) + 1;
        return program[start..end];
    }
}
