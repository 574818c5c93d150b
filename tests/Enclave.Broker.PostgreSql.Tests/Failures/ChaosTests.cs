using System.Text;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Failures;

/// <summary>Under random failures each session has every number once, and exactly one end, which is its last event.</summary>
public sealed class ChaosTests(PostgresServer server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sessions_end_once_while_connections_break_and_brokers_are_fenced(int seed)
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        TestBroker[] brokers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select((_) => TestBroker.On(database.Broker, configure: (store) => store.Poll = TimeSpan.FromMilliseconds(100))));
        var random = new Random(seed);
        string[] words = ["print", "print", "tool", "ask", "wait"];
        string[] scripts = [.. Enumerable.Range(0, TestSize.Of(80, 800))
            .Select((_) => string.Join(' ', Enumerable.Range(0, random.Next(2, 20)).Select((_) => words[random.Next(words.Length)])))];
        using var end = new CancellationTokenSource();

        Task breaking = BreakAsync(database, new Random(seed + 100), end.Token);
        await Parallel.ForEachAsync(
            scripts.Index(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (script, _) => await RunAsync(brokers, script.Index, script.Item));
        await end.CancelAsync();
        await breaking;
        await Within.Becomes(
            () => database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL").Result == 0, "every session had its end");

        Assert.True(await database.ScalarAsync<long>("SELECT count(*) FROM enclave.session") > 0);
        Assert.Empty(await database.ColumnAsync<long>(
            """
            SELECT s.key FROM enclave.session s LEFT JOIN enclave.event e ON e.day = s.day AND e.session = s.key GROUP BY s.key
            HAVING count(e.seq) <> max(e.seq) OR coalesce(min(e.seq), 0) <> 1 OR count(*) FILTER (WHERE e.type = 'final') <> 1
              OR max(e.seq) <> max(e.seq) FILTER (WHERE e.type = 'final')
            """));
        foreach (TestBroker broker in brokers) await broker.DisposeAsync();
    }

    private static async Task RunAsync(TestBroker[] brokers, int index, string script)
    {
        string id = $"s_{index}";
        (ISessionView? opened, _) = await brokers[index % 3].TryOpen(TestBroker.By("alice"), TestBroker.Asks(script, id));
        if (opened is null) return;
        for (int round = 0; round < 50; round++)
        {
            try
            {
                if (await brokers[(index + round) % 3].Find(TestBroker.By("alice"), id) is not { } view) return;
                if (await view.ReadAsync(1 + (script.Length * 4), [], new CancellationToken(canceled: true)) == ReadOutcome.Ended) return;
            }
            catch (OperationCanceledException)
            {
                // The session runs on.
            }
            catch (StoreException)
            {
                continue;
            }

            await NudgeAsync(brokers[(index + round) % 3], id);
        }
    }

    /// <summary>Answers waiting calls, and cancels.</summary>
    private static async Task NudgeAsync(TestBroker broker, string id)
    {
        try
        {
            if (await broker.Find(TestBroker.By("alice"), id) is not { } view) return;
            for (int call = 1; call <= 4; call++)
                await view.AnswerAsync(Encoding.UTF8.GetBytes($$"""{ "callId": "c_{{call}}", "result": 1 }"""), CancellationToken.None);
            await view.CancelAsync(SessionEnd.Cancelled("enough"), CancellationToken.None);
        }
        catch (StoreException)
        {
            // The next attempt may succeed.
        }
    }

    private static async Task BreakAsync(StoreDatabase database, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await database.ExecuteAsync(random.Next(4) == 0
                ? "WITH gone AS (DELETE FROM enclave.lease WHERE broker = (SELECT broker FROM enclave.lease ORDER BY random() LIMIT 1) RETURNING broker) " +
                "UPDATE enclave.broker b SET fenced_at = now() FROM gone WHERE b.id = gone.broker"
                : $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{PostgresServer.Broker}' AND datname = current_database() ORDER " +
                "BY random() LIMIT 3");
            await Task.Delay(random.Next(20, 120), CancellationToken.None);
        }
    }
}
