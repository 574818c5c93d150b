using System.Collections.Concurrent;
using System.Security.Cryptography;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Host.Tests.Durable;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Runs;

/// <summary>Durable runs in a database: each host has a store of its own, as in another process.</summary>
public sealed class PostgreSqlRunStoreTests(PostgresServer server) : DurableRunTests, IAsyncLifetime
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly List<PostgreSqlRunStore> _stores = [];
    private StoreDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    private protected override RunStore Store
    {
        get
        {
            var store = new PostgreSqlRunStore(_source) { Lease = TimeSpan.FromSeconds(1) };
            _stores.Add(store);
            return store;
        }
    }

    private protected override IReadOnlyList<byte[]> Keys => [_key];

    public async ValueTask InitializeAsync()
    {
        _database = await server.DatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.Broker);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (PostgreSqlRunStore store in _stores) await store.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_host_that_was_declared_dead_writes_nothing_more_and_another_goes_on()
    {
        var called = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        void Stuck(ToolCollection tools) => tools.Add("stuck", async (int n) =>
        {
            Note($"stuck {n}");
            called.TrySetResult();
            await go.Task;
            return n;
        });
        EnclaveHost lost = Host(add: Stuck), other = Host(add: (tools) => tools.Add("stuck", (int n) => n));
        Task<DurableRun> run = lost.StartAsync(
            "try { await callTool('stuck', { n: 1 }) } catch (e) { await callTool('note', { text: 'after' }); return e.code }", Named("lost"), Token);
        await called.Task.WaitAsync(Token);
        await Assert.ThrowsAsync<JournalException>(() => other.ResumeAsync("lost", cancellationToken: Token));

        // As another host does when a heartbeat stands still.
        await _database.ExecuteAsync("WITH gone AS (DELETE FROM enclave.lease RETURNING broker) UPDATE enclave.broker SET fenced_at = now()");
        DurableRun ended = await Within.Deadline(ResumeWhenFreeAsync(other, "lost"), "end of the run at the other host");
        go.SetResult();

        Assert.Equal("TOOL_OUTCOME_UNKNOWN", ended.Result!.Value.AsString());
        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => run);
        Assert.Equal(JournalFault.Unavailable, refused.Fault);
        Assert.Equal(["stuck 1", "after"], Ledger);
        Assert.Equal("OK", (await lost.Runs.FindAsync("lost", cancellationToken: Token))!.Outcome);
    }

    [Fact]
    public async Task A_wait_for_a_run_that_another_host_took_ends_with_the_run()
    {
        var called = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        int calls = 0;
        EnclaveHost lost = Host(add: (tools) => tools.Add("stuck", async (int n) =>
        {
            called.TrySetResult();
            if (Interlocked.Increment(ref calls) == 1) await go.Task;
            return n;
        }));
        EnclaveHost other = Host(add: (tools) => tools.Add("stuck", (int n) => n));
        await lost.StartAsync("await waitFor('go'); try { return await callTool('stuck', { n: 1 }) } catch (e) { return e.code }", Named("lost"), Token);
        await lost.AnswerAsync((await lost.Runs.FindAsync("lost", cancellationToken: Token))!.Waits[0].Token, true, Token);
        Task<DurableRun> waits = lost.Runs.WaitAsync("lost", cancellationToken: Token);
        await called.Task.WaitAsync(Token);

        await _database.ExecuteAsync("WITH gone AS (DELETE FROM enclave.lease RETURNING broker) UPDATE enclave.broker SET fenced_at = now()");
        DurableRun ended = await Within.Deadline(ResumeWhenFreeAsync(other, "lost"), "end of the run at the other host");
        go.SetResult();

        Assert.Equal("TOOL_OUTCOME_UNKNOWN", ended.Result!.Value.AsString());
        Assert.Equal("TOOL_OUTCOME_UNKNOWN", (await Within.Deadline(waits, "end of the wait")).Result!.Value.AsString());
    }

    [Fact]
    public async Task Hosts_that_wake_at_the_same_time_share_the_runs_and_each_goes_on_once()
    {
        const int Runs = 60;
        EnclaveHost first = Host();
        var tokens = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, Runs, Token, async (run, token) =>
        {
            RunOptions options = Named($"at-{run}") with { Globals = new Dictionary<string, object?> { ["args"] = new { run } } };
            DurableRun waiting = await first.StartAsync("await waitFor('go'); return await callTool('note', { text: String(args.run) })", options, token);
            tokens.Add(waiting.Waits[0].Token);
        });
        foreach (string token in tokens) await first.AnswerAsync(token, true, Token);

        EnclaveHost[] hosts = [.. Enumerable.Range(0, 3).Select((_) => Host(wakes: true))];
        await Task.WhenAll(Enumerable.Range(0, Runs).Select((run) => hosts[run % 3].Runs.WaitAsync($"at-{run}", cancellationToken: Token)));

        Assert.Equal(Enumerable.Range(0, Runs), Ledger.Select(int.Parse).Order());
        Assert.Equal((Runs, Runs), (await UsageAsync(), await _database.ScalarAsync<int>("SELECT count(*)::int FROM enclave.run WHERE state = 2")));
    }

    [Theory]
    [InlineData("UPDATE enclave.run_part SET bytes = set_byte(bytes, 60, 255 - get_byte(bytes, 60))")]
    [InlineData("DELETE FROM enclave.run_part WHERE number = (SELECT max(number) FROM enclave.run_part)")]
    [InlineData("UPDATE enclave.run r SET stored = o.stored FROM enclave.run o WHERE o.key <> r.key")]
    [InlineData("UPDATE enclave.run_part p SET run = o.run + 10 FROM enclave.run_part o WHERE o.run <> p.run AND o.number = p.number")]
    [InlineData("UPDATE enclave.run SET stored = decode(repeat('00', 2000000), 'hex')")]
    [InlineData("UPDATE enclave.run_part SET bytes = decode(repeat('00', 60000000), 'hex')")]
    public async Task What_was_changed_in_the_database_is_refused_and_nothing_runs(string change)
    {
        EnclaveHost host = Host();
        foreach (string name in new[] { "one", "two" })
        {
            await host.StartAsync(
                $"await callTool('note', {{ text: '{name}' }}); await waitFor('go'); await callTool('note', {{ text: 'more' }})", Named(name), Token);
        }

        await _database.ExecuteAsync(change);
        await _database.ExecuteAsync("UPDATE enclave.run_part SET run = run - 10 WHERE run > 10");

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => Host().ResumeAsync("one", cancellationToken: Token));

        Assert.True(refused.Fault is JournalFault.Damaged or JournalFault.TooLarge, $"{refused}");
        Assert.Equal(["one", "two"], Ledger);
        DurableRuns runs = Host().Runs;
        if (refused.Fault == JournalFault.TooLarge) await Assert.ThrowsAsync<JournalException>(() => runs.DeleteAsync("one", cancellationToken: Token));
        // A host that took it before it read it gives it back with its next heartbeat.
        else await Within.Becomes(() => runs.DeleteAsync("one", cancellationToken: Token).GetAwaiter().GetResult(), "it is removed");
    }

    [Fact]
    public async Task What_a_tenant_has_is_counted_to_the_byte()
    {
        EnclaveHost host = Host();
        DurableRun over = await host.StartAsync("if (!args.again) return continueWith({ again: true }); return (await waitFor('go')).length", new RunOptions
        {
            Durable = "over",
            Globals = new Dictionary<string, object?> { ["args"] = new { again = false } },
        }, Token);
        over = await host.ResumeAsync("over", cancellationToken: Token);
        await host.StartAsync("await callTool('note', { text: 'x'.repeat(10000) }); return 1", Named("long"), Token);
        await host.AnswerAsync(over.Waits[0].Token, new string('y', 5000), Token);
        long kept = await BytesAsync();
        await host.ResumeAsync("over", cancellationToken: Token);
        long ended = await BytesAsync();
        Assert.True(await host.Runs.DeleteAsync("long", cancellationToken: Token));
        long left = await BytesAsync();
        Assert.True(await host.Runs.DeleteAsync("over", cancellationToken: Token));

        Assert.InRange(kept, 25000, 28000);
        Assert.InRange(kept - ended, -1000, 1000);
        Assert.InRange(ended - left, 20000, 22000);
        Assert.Equal((0, 0L), (await UsageAsync(), await BytesAsync()));

        async Task<long> BytesAsync()
        {
            long counted = await _database.ScalarAsync<long>("SELECT sum(bytes)::bigint FROM enclave.run_usage");
            Assert.Equal(counted, await _database.ScalarAsync<long>("""
                SELECT (coalesce((SELECT sum(octet_length(bytes)) FROM enclave.run_part), 0)
                  + coalesce((SELECT sum(octet_length(answer)) FROM enclave.run_wait), 0))::bigint
                """));
            return counted;
        }
    }

    [Fact]
    public async Task A_database_without_the_schema_says_what_to_do()
    {
        await using StoreDatabase empty = await server.EmptyDatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(empty.Super);
        await using var store = new PostgreSqlRunStore(source);
        EnclaveHost host = Host(options: (options) => options.Durable!.Store = store);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return 1", Named("x"), Token));

        Assert.Contains("enclave migrate makes them", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_wait_for_its_disk_is_refused()
    {
        await using var store = new PostgreSqlRunStore(_database.Broker + ";Options=-c synchronous_commit=off");
        EnclaveHost host = Host(options: (options) => options.Durable!.Store = store);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return 1", Named("x"), Token));

        Assert.Contains("synchronous_commit", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_does_not_hide_the_others()
    {
        EnclaveHost host = Host();
        string[] tokens = await Task.WhenAll(new[] { "one", "two" }.Select(
            async (name) => (await host.StartAsync("return await waitFor('go')", Named(name), Token)).Waits[0].Token));
        foreach (string token in tokens) await host.AnswerAsync(token, 1, Token);
        await _database.ExecuteAsync("UPDATE enclave.run SET stored = '\\x00' WHERE key = (SELECT min(key) FROM enclave.run)");

        EnclaveHost waking = Host(wakes: true);
        await Within.Becomes(
            () => _database.ScalarAsync<long>("SELECT count(*) FROM enclave.run WHERE state = 2").Result == 1, "the other run went on and ended");

        Assert.Single(await waking.Runs.ListAsync(cancellationToken: Token));
        await waking.StartAsync("return 1", Named("three"), Token);
        await _database.ExecuteAsync(
            "UPDATE enclave.run SET stored = '\\x00', changed = changed + interval '1 hour' WHERE key = (SELECT min(key) FROM enclave.run)");
        Assert.Equal(["three"], (await waking.Runs.ListAsync(new RunQuery { Limit = 1 }, Token)).Select((run) => run.Name));
    }

    [Fact]
    public async Task A_hundred_starts_answers_and_resumptions_at_once_do_not_stop_each_other()
    {
        EnclaveHost[] hosts = [Host(), Host()];
        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (run, token) =>
        {
            EnclaveHost host = hosts[run % 2], other = hosts[(run + 1) % 2];
            DurableRun waiting = await host.StartAsync("const x = await waitFor('a'); return x + await waitFor('b')", Named($"run-{run}"), token);
            await other.AnswerAsync(waiting.Waits[0].Token, run, token);
            waiting = await other.ResumeAsync($"run-{run}", cancellationToken: token);
            await host.AnswerAsync(waiting.Waits[0].Token, 1, token);
            Assert.Equal(run + 1, (await host.ResumeAsync($"run-{run}", cancellationToken: token)).Result!.Value.AsInt32());
        });
    }

    private Task<int> UsageAsync() => _database.ScalarAsync<int>("SELECT sum(runs)::int FROM enclave.run_usage");

    private static async Task<DurableRun> ResumeWhenFreeAsync(EnclaveHost host, string name)
    {
        while (true)
        {
            try
            {
                return await host.ResumeAsync(name, cancellationToken: Token);
            }
            catch (JournalException fault) when (fault.Fault is JournalFault.Busy or JournalFault.Unavailable)
            {
                await Task.Delay(20, Token);
            }
        }
    }
}
