using Enclave.Tests;

namespace Enclave.Host.Tests.Isolation;

/// <summary>
/// The report names the form in which workers reset their memory. The environment of the process chooses it: <c>./test.sh --full</c> runs this class in both.
/// </summary>
public sealed class ResetFormTests
{
    private static readonly string s_words =
        Environment.GetEnvironmentVariable("ENCLAVE_RESET") == "copied" ? "; reset by copying all of it" : "; reset by write protection";

    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task The_report_says_how_a_workers_memory_is_reset(SecurityLevel level)
    {
        TestedEngine.NeedsNative("memory that is reset after a run");
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        IReadOnlyList<WorkerIsolation> workers = host.GetIsolationReport().Workers;
        Assert.NotEmpty(workers);
        Assert.All(workers, (worker) => Assert.Contains(s_words, worker.Layers[(int)IsolationLayer.OwnProcess].Detail, StringComparison.Ordinal));
    }
}
