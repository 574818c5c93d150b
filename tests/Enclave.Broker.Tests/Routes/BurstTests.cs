using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Scripts that create events faster than any reader reads them.</summary>
public sealed class BurstTests
{
    private const string ManyLines = "for (let i = 0; i < 9000; i++) console.log(''); return 7";

    // 12 calls of 8 MB each at once: more than host and connection can hold.
    private const string ManyBytes = "let big = 'x'; for (let i = 0; i < 23; i++) big += big; const all = []; for (let i = 0; i < 12; " +
        "i++) all.push(callTool('give:big', { n: 1, filler: big })); return (await Promise.allSettled(all)).length";

    [Theory]
    [InlineData(ManyLines, "7")]
    [InlineData(ManyBytes, "12")]
    public async Task A_burst_on_the_brokers_own_host_keeps_its_answer(string code, string expected)
    {
        await using BrokerApp app = await BrokerApp.Open(enclave: (options) => options.SecurityLevel = SecurityLevel.Permissive);

        JsonElement[] events = await app.Run(code, TimeSpan.FromMinutes(3));

        Assert.Equal(expected, events.Final().Value());
        // Events without room are missing; the others keep their order.
        int[] numbers = [.. events.Select((happened) => happened.GetProperty("seq").GetInt32())];
        Assert.Equal(numbers.Order().Distinct(), numbers);
    }

    [Theory]
    [InlineData(ManyLines, "7")]
    [InlineData(ManyBytes, "12")]
    public async Task A_burst_on_a_runtime_keeps_its_answer(string code, string expected)
    {
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Permissive });
        await runtime.StartAsync();
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address!));

        Assert.Equal(expected, (await app.Run(code, TimeSpan.FromMinutes(3))).Final().Value());
    }
}
