using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Upgrade.Tests;

/// <summary>
/// A deployment whose parts are replaced one after another under traffic: from the previous protocol version to this one, and back. The usual run goes
/// forward over queues, and back over WebSockets.
/// </summary>
public sealed class RollingTests(RabbitServer rabbit, PostgresServer postgres)
{
    private const string Gaps = """
        SELECT count(*) FROM (SELECT session FROM enclave.event GROUP BY session HAVING count(*) <> max(seq) OR min(seq) <> 1
          OR count(*) FILTER (WHERE type = 'final') <> 1) gaps
        """;

    private static readonly Build[] s_overQueues = TestSize.Full ? [Build.Previous, Build.Present, Build.Previous] : [Build.Previous, Build.Present];

    private static readonly Build[] s_overWebSockets = TestSize.Full ? s_overQueues : [Build.Present, Build.Previous];

    [Fact]
    public async Task Over_queues_and_a_store_nothing_is_lost()
    {
        await using StoreDatabase database = await postgres.EmptyDatabaseAsync();
        await using var all = new Deployment(rabbit.Address, database.Broker, database.Owner);
        // A broker declares the queues that runtimes wait for, and is ready when a runtime is connected.
        Task<Part> first = all.Broker(s_overQueues[0], migrates: true);
        List<Part> runtimes = [.. await Task.WhenAll(all.Runtime(s_overQueues[0]), all.Runtime(s_overQueues[0]))];
        List<Part> brokers = [await first, await all.Broker(s_overQueues[0])];
        var traffic = new Traffic(all);
        await traffic.Flows();

        foreach (Build next in s_overQueues.Skip(1))
        {
            for (int i = 0; i < brokers.Count; i++) brokers[i] = await Replace(brokers[i], () => all.Broker(next, migrates: true));
            await traffic.Flows();
            for (int i = 0; i < runtimes.Count; i++) runtimes[i] = await Replace(runtimes[i], () => all.Runtime(next));
            await traffic.Flows();
        }

        await traffic.Check();
        Assert.Equal(0, await database.ScalarAsync<long>(Gaps));
        Assert.Equal(traffic.Ended, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NOT NULL"));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL OR state <> 'completed'"));
        // The replaced brokers of this version marked themselves as draining.
        Assert.Equal(TestSize.Of(0, 2), await database.ScalarAsync<long>(
            "SELECT count(*) FROM enclave.broker WHERE protocol = 2 AND draining_at IS NOT NULL AND fenced_at IS NOT NULL"));

        async Task<Part> Replace(Part old, Func<Task<Part>> start)
        {
            Part next = await start();
            // A broker of the previous version ends sessions that are being opened when it stops: take it out of the balancer first.
            if (old.Build == Build.Previous) await all.Balancer.Remove(old);
            await old.Stop();
            await all.Balancer.Remove(old);
            return next;
        }
    }

    [Fact]
    public async Task Over_WebSockets_nothing_is_lost()
    {
        int[] ports = [FreePort.Next(), FreePort.Next()];
        await using var all = new Deployment { RuntimePorts = ports };
        List<Part> runtimes = [.. await Task.WhenAll(all.Runtime(s_overWebSockets[0], ports[0], 16), all.Runtime(s_overWebSockets[0], ports[1], 16))];
        List<Part> brokers = [.. await Task.WhenAll(all.Broker(s_overWebSockets[0]), all.Broker(s_overWebSockets[0]))];
        var traffic = new Traffic(all);
        int lost = 0;
        await traffic.Flows();

        foreach (Build next in s_overWebSockets.Skip(1))
        {
            for (int i = 0; i < runtimes.Count; i++)
            {
                Part old = runtimes[i];
                await old.Stop();
                runtimes[i] = await all.Runtime(next, ports[i], 16);
                await traffic.Flows();
                // A runtime of the previous version may close its connections before it has sent the last event of its last session.
                if (old.Build == Build.Previous) lost = Math.Min(lost + 1, traffic.Lost);
            }

            for (int i = 0; i < brokers.Count; i++)
            {
                Part old = brokers[i];
                brokers[i] = await all.Broker(next);
                // Its sessions are in its own memory: clients read them there to the end.
                await all.Balancer.Remove(old);
                await old.Stop();
            }

            await traffic.Flows();
        }

        await traffic.Check(lost);
        Assert.Equal(0, traffic.Resumes);
    }
}
