using Enclave.Testing;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Host.Tests;

/// <summary>A pool without a worker starts one while the first script is examined.</summary>
public sealed class ColdPoolTests
{
    private const string Refused = "return (";

    private readonly ManualClock _time = new();

    [Fact]
    public async Task One_worker_for_scripts_that_are_refused_and_for_the_first_that_runs()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        await using EnclaveHost host = Host(launcher);
        Assert.Equal(0, launcher.Launches);

        for (int i = 0; i < 20; i++) Assert.Equal(ErrorCode.ValidationError, (await host.RunAsync(Refused)).Error?.Code);
        Assert.Equal(1, launcher.Launches);
        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(1, launcher.Launches);
    }

    [Fact]
    public async Task Refused_scripts_do_not_hasten_a_start_after_one_that_failed()
    {
        var launcher = new TestLauncher(TestLauncher.Command("/nowhere"));
        await using EnclaveHost host = Host(launcher);

        await host.RunAsync(Refused);
        await Within.Becomes(() => host.GetSnapshot().LastStartFailure is not null, "the start had failed");
        for (int i = 0; i < 20; i++) await host.RunAsync(Refused);

        Assert.Equal(1, launcher.Launches);
    }

    private EnclaveHost Host(TestLauncher launcher) => new(
        new EnclaveOptions
        {
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new() { MinWorkers = 0, MaxWorkers = 4, StartTimeout = TimeSpan.FromSeconds(20) },
            TimeProvider = _time,
        },
        loggerFactory: null,
        launcher);
}
