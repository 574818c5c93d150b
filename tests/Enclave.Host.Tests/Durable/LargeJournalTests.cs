using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>What large journals take in the memory of a host that goes on with their runs.</summary>
[Collection(Alone.Name)]
public sealed class LargeJournalTests : IDisposable
{
    private const int Characters = 3_600_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-large-").FullName;
    private int _number;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Going_on_with_a_run_allocates_at_most_half_of_running_it(bool isSealed)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 },
            Durable = new DurableOptions
            {
                Store = RunStore.InFolder(_folder),
                Keys = isSealed ? [System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)] : [],
                Grace = TimeSpan.Zero,
                Wakes = false,
            },
            Tools = { { "big", () => new string('x', Characters) } },
        });
        var tokens = new Queue<(string Name, string Token)>();

        long live = await Allocations.OfProcess(async () =>
        {
            string name = $"run-{_number++}";
            DurableRun waiting = await host.StartAsync(
                "const big = await callTool('big', {}); await waitFor('go'); return big.length", new RunOptions { Durable = name }, token);
            tokens.Enqueue((name, waiting.Waits[0].Token));
        });
        long woken = await Allocations.OfProcess(async () =>
        {
            (string name, string wait) = tokens.Dequeue();
            await host.AnswerAsync(wait, 1, token);
            Assert.Equal(Characters, (await host.ResumeAsync(name, cancellationToken: token)).Result!.Value.AsInt32());
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{live} bytes to run it, {woken} to go on with it");
        Assert.InRange(woken, 0, live / 2);
    }
}
