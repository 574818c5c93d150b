using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Host.Tests.Durable;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Runs;

/// <summary>Durable runs whose database is killed, and restored.</summary>
public sealed class DatabaseFailureTests : DurableHosts, IAsyncLifetime
{
    // A server of its own: the other tests run meanwhile.
    private readonly PostgresServer _server = new();
    private readonly List<PostgreSqlRunStore> _stores = [];
    private StoreDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    private protected override RunStore Store
    {
        get
        {
            _stores.Add(new PostgreSqlRunStore(_source) { Lease = TimeSpan.FromSeconds(1) });
            return _stores[^1];
        }
    }

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _database = await _server.DatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.Broker);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (PostgreSqlRunStore store in _stores) await store.DisposeAsync();
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_run_outlives_a_crash_of_its_database()
    {
        EnclaveHost host = Host();
        var called = new TaskCompletionSource();
        RunOptions options = Named("crash") with
        {
            Tools = new ToolCollection().Add("wait", async (int n) =>
            {
                called.TrySetResult();
                await Task.Delay(200);
                return n;
            }),
        };
        const string Code = """
            const word = waitFor('word', { timeout: '1h' });
            let sum = 0;
            for (let i = 1; i <= 5; i++) sum += await callTool('wait', { n: i });
            await callTool('note', { text: 'x' });
            return sum + await Promise.race([word, sleep(1)]).then(() => 0);
            """;
        Task<DurableRun> run = host.StartAsync(Code, options, Token);
        await called.Task.WaitAsync(Token);

        await _server.KillAsync();
        await _server.StartAsync();

        DurableRun ended = await Within.Deadline(run, "end of the run");
        Assert.Equal((15, "OK"), (ended.Result!.Value.AsInt32(), ended.Outcome));
        Assert.Equal(["x"], Ledger);
        Assert.Equal("OK", (await Host().Runs.FindAsync("crash", cancellationToken: Token))!.Outcome);
    }

    [Fact]
    public async Task Runs_of_a_restored_database_wait_for_an_operator()
    {
        void AddBuy(ToolCollection tools) => tools.Add("buy", () => 1, new ToolOptions
        {
            Compensate = (args, answer, context) =>
            {
                Note("undo");
                return Task.CompletedTask;
            },
        });
        EnclaveHost before = Host(add: AddBuy);
        await before.StartAsync("await callTool('buy', {}); await waitFor('go')", Named("bought"), Token);
        const string Code = "await callTool('note', { text: 'before' }); await waitFor('go'); return await callTool('note', { text: 'after' })";
        DurableRun waiting = await before.StartAsync(Code, Named("old"), Token);
        await before.StartAsync("return 1", Named("ended"), Token);
        await before.StartAsync(Code, Named("other"), Token);
        await before.DisposeAsync();
        foreach (PostgreSqlRunStore store in _stores) await store.DisposeAsync();
        _stores.Clear();

        // A server that ends a recovery, from a backup as from another server's log, begins another timeline.
        await _server.KillAsync();
        await _server.PromoteAsync();
        EnclaveHost host = Host(wakes: true, add: AddBuy);
        await host.AnswerAsync(waiting.Waits[0].Token, true, Token);
        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => host.ResumeAsync("old", cancellationToken: Token));
        DurableRun fresh = await host.StartAsync("return 2", Named("new"), Token);
        DurableRun held = (await host.Runs.FindAsync("old", cancellationToken: Token))!;
        bool cancelled = await host.Runs.CancelAsync("other", cancellationToken: Token);
        bool deleted = await host.Runs.DeleteAsync("ended", cancellationToken: Token);
        // What it bought may have been given back since the backup.
        Assert.True(await host.Runs.CancelAsync("bought", cancellationToken: Token));
        Assert.Equal("CANCELLED", (await host.Runs.FindAsync("bought", cancellationToken: Token))!.Result!.Error!.Code.ToCode());
        NoticeEvent notice = Assert.Single((await host.Runs.HistoryAsync("bought", cancellationToken: Token)).OfType<NoticeEvent>());
        Assert.Equal((NoticeKind.CompensationUnknown, "c_1"), (notice.Kind, notice.CallId));

        Assert.Equal((JournalFault.Refused, true), (refused.Fault, refused.Message.Contains("restored or promoted", StringComparison.Ordinal)));
        Assert.Equal((2, DurableRunState.Suspended), (fresh.Result!.Value.AsInt32(), held.State));
        Assert.True(cancelled && deleted, "what calls no tool is allowed");
        Assert.Equal(["before", "before"], Ledger);

        Assert.Equal(1, await host.Runs.AcceptRestoreAsync(cancellationToken: Token));
        DurableRun ended = await Within.Deadline(host.Runs.WaitAsync("old", cancellationToken: Token), "end of the run");

        Assert.Equal("note after", ended.Result!.Value.AsString());
        Assert.Equal(["before", "before", "after"], Ledger);
        Assert.Equal(0, await host.Runs.AcceptRestoreAsync(cancellationToken: Token));
    }
}
