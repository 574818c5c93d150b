using System.Text.Json;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Upgrade.Tests;

/// <summary>A broker and a runtime of different builds.</summary>
public sealed class MixedTests(RabbitServer rabbit)
{
    private const string Code = "console.log('here'); for (const i of [1, 2, 3]) await callTool('effect', { key: 's_mixed/' + i }); return 7";

    [Theory]
    [InlineData(Build.Previous, Build.Present, true)]
    [InlineData(Build.Present, Build.Previous, true)]
    [InlineData(Build.Previous, Build.Present, false)]
    [InlineData(Build.Present, Build.Previous, false)]
    public async Task They_run_sessions_and_end_them_when_the_runtime_stops(Build broker, Build runtime, bool overQueues)
    {
        int port = FreePort.Next();
        await using var all = new Deployment(overQueues ? rabbit.Address : null) { RuntimePorts = overQueues ? [] : [port] };
        Task<Part> starting = all.Broker(broker);
        Part taking = await all.Runtime(runtime, port);
        Part asking = await starting;
        var client = new Client(all.Balancer, "alice");

        JsonElement first = await client.Run("s_mixed", Code);
        var begun = new TaskCompletionSource();
        Task<JsonElement> running = client.Run(
            "s_long", "console.log('begun'); for (const i of [1, 2, 3, 4]) await callTool('nap', { ms: 500 }); return 8", onEvent: (_, happened) =>
        {
            if (happened.GetProperty("type").GetString() == "stdout") begun.TrySetResult();
            return Task.CompletedTask;
        });
        await Patience.For(begun.Task, () => "the first line of a long script");
        await taking.Stop();
        JsonElement last = await Patience.For(running, () => "the end of what ran");

        Assert.Equal((7, 8), (first.GetProperty("result").GetInt32(), last.GetProperty("result").GetInt32()));
        Assert.Equal(["s_mixed/1", "s_mixed/2", "s_mixed/3"], all.ReadEffects());
        // Neither refuses the other.
        Assert.DoesNotContain("refused", asking.Log + taking.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_say_what_each_runtime_speaks()
    {
        await using var all = new Deployment(rabbit.Address);
        Task<Part> starting = all.Broker(Build.Present);
        await all.Runtime(Build.Previous);
        await all.Runtime(Build.Present);
        Part broker = await starting;
        int[] spoken = [];

        await Patience.Until(
            async () =>
            {
                string figures = await all.Balancer.Http.GetStringAsync(new Uri(broker.Address, "/figures"));
                spoken = [.. JsonElement.Parse(figures)
                    .GetProperty("places").EnumerateArray().Select((place) => place.GetProperty("protocol").GetInt32()).Order()];
                return spoken.Length == 2;
            },
            () => $"two runtimes are seen, but {spoken.Length}");

        Assert.Equal([1, 2], spoken);
    }
}
