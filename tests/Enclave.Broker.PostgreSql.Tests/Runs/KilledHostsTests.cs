using System.Diagnostics;
using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Runs;

/// <summary>Hosts that share durable runs in a database, killed at any moment, with clocks that are set forth and back. The database is killed, too.</summary>
public sealed class KilledHostsTests : IAsyncLifetime
{
    private const int Hosts = 3, Steps = 20;

    private const string Script = """
        await waitFor('go');
        const unknown = [];
        for (let i = 1; i <= 20; i++) {
          try {
            const calls = [callTool('step', { run: args.run, i })];
            if (i % 5 === 0) calls.push(callTool('again', { run: args.run, i }));
            await Promise.all(calls);
            if (i === 10) await sleep(20);
          } catch (e) {
            if (e.code !== 'TOOL_OUTCOME_UNKNOWN') throw e;
            unknown.push(i);
          }
        }
        if (args.fails) throw new Error(JSON.stringify(unknown));
        return unknown;
        """;

    // A server of its own: the other tests run meanwhile.
    private readonly PostgresServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_run_ends_once_no_call_is_made_twice_and_every_unknown_outcome_is_told()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        string ledgers = Directory.CreateDirectory(Path.Combine(_server.Folder, "ledgers")).FullName;
        int runs = TestSize.Of(20, 2000), kills = 0, crashes = 0;
        var random = new Random(20261126);
        await StartAsync(database, runs);

        // Killed until all runs have ended, and most of the time two hosts are there.
        var hosts = new List<Process>();
        try
        {
            for (int i = 0; i < Hosts; i++) hosts.Add(Start(database, ledgers));
            int before = 0;
            while (await OpenAsync(database) is var open and > 0)
            {
                // The more runs, the further they get between two kills: the start of a host takes longer than twenty calls.
                int due = before + 20 + random.Next(1 + (runs / 5));
                await Within.Becomes(
                    () => OpenAsync(database).GetAwaiter().GetResult() is 0 || Calls(ledgers).Count() > due,
                    "calls were made",
                    TimeSpan.FromMinutes(3),
                    () => $"{open} runs are open, {Calls(ledgers).Count()} calls");
                before = Calls(ledgers).Count();
                await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
                int chosen = random.Next(Hosts);
                hosts[chosen].Kill();
                await hosts[chosen].WaitForExitAsync(TestContext.Current.CancellationToken);
                hosts[chosen].Dispose();
                kills++;
                if (random.Next(8) == 0)
                {
                    await _server.KillAsync();
                    NpgsqlConnection.ClearAllPools();
                    await _server.StartAsync();
                    crashes++;
                }

                hosts[chosen] = Start(database, ledgers);
            }
        }
        finally
        {
            foreach (Process host in hosts)
            {
                if (!host.HasExited) host.Kill();
                host.Dispose();
            }
        }

        ILookup<string, string> calls = Calls(ledgers).ToLookup((line) => line);
        int unknown = await CheckAsync(database, runs, calls);
        Assert.True(kills >= 3, $"{kills} kills");
        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs, {kills} kills, {crashes} crashes of the database, {unknown} unknown outcomes");
    }

    /// <summary>Puts the runs into the database: each has the answer that it waits for.</summary>
    private static async Task StartAsync(StoreDatabase database, int runs)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.Broker);
        await using var store = new PostgreSqlRunStore(source) { Lease = TimeSpan.FromSeconds(2) };
        await using var host = new EnclaveHost(Options(store));
        await Parallel.ForEachAsync(Enumerable.Range(0, runs), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (run, token) =>
        {
            var args = new { run = $"run-{run}", fails = Fails(run) };
            var options = new RunOptions { Durable = args.run, Globals = new Dictionary<string, object?> { ["args"] = args } };
            DurableRun waiting = await host.StartAsync(Script, options, token);
            await host.AnswerAsync(Assert.Single(waiting.Waits).Token, true, token);
        });
    }

    private static async Task<int> CheckAsync(StoreDatabase database, int runs, ILookup<string, string> calls)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.Broker);
        await using var store = new PostgreSqlRunStore(source);
        await using var host = new EnclaveHost(Options(store));
        int unknown = 0;
        for (int n = 0; n < runs; n++)
        {
            string name = $"run-{n}";
            DurableRun run = (await host.Runs.FindAsync(name, cancellationToken: TestContext.Current.CancellationToken))!;
            Assert.True(run.Outcome == (Fails(n) ? "RUNTIME_ERROR" : "OK"), $"{name}: {run.State} {run.Result?.Error}");
            int[] told = JsonSerializer.Deserialize<int[]>(run.Result!.Error?.Message ?? run.Result.Value.ToJsonString())!;
            unknown += CheckUndone(await host.Runs.HistoryAsync(name, cancellationToken: TestContext.Current.CancellationToken), name, calls, Fails(n));
            for (int i = 1; i <= Steps; i++)
            {
                int made = calls[$"{name} step {i}"].Count();
                Assert.True(made == 1 || (made == 0 && told.Contains(i)), $"{name}, step {i}: {made} calls, {(told.Contains(i) ? "" : "not ")}told");
                Assert.True(i % 5 != 0 || calls[$"{name} again {i}"].Any(), $"{name}, again {i}");
            }

            unknown += told.Length;
        }

        long counted = await database.ScalarAsync<long>("SELECT sum(bytes)::bigint FROM enclave.run_usage");
        Assert.Equal(await database.ScalarAsync<long>("SELECT sum(octet_length(bytes))::bigint FROM enclave.run_part"), counted);
        Assert.Equal(runs, await database.ScalarAsync<long>("SELECT sum(runs)::bigint FROM enclave.run_usage"));
        return unknown;
    }

    /// <summary>Half of the runs fail at their end, and all that they did is undone.</summary>
    private static bool Fails(int run) => run % 2 == 1;

    /// <summary>Each call that was answered is undone, once if it may not be twice. Returns the number of those of which nobody knows.</summary>
    private static int CheckUndone(IReadOnlyList<ExecutionEvent> history, string name, ILookup<string, string> calls, bool fails)
    {
        ILookup<string?, NoticeKind> told = history.OfType<NoticeEvent>().ToLookup((notice) => notice.CallId, (notice) => notice.Kind);
        Dictionary<string, ToolCallEvent> made = history.OfType<ToolCallEvent>().ToDictionary((call) => call.CallId);
        ToolResultEvent[] answers = [.. history.OfType<ToolResultEvent>().Where((answer) => answer.Error is null && answer.Name is "step" or "again")];
        foreach (ToolResultEvent answer in answers)
        {
            string undo = $"{name} undo {answer.Name} {made[answer.CallId].Args["i"].AsInt32()}";
            NoticeKind? end = told[answer.CallId].Cast<NoticeKind?>().LastOrDefault();
            int undone = calls[undo].Count();
            bool isRight = (end, answer.Name) switch
            {
                (null, _) => !fails && undone == 0,
                (NoticeKind.Compensated, "step") => undone == 1,
                (NoticeKind.Compensated, _) => undone >= 1,
                (NoticeKind.CompensationUnknown, "step") => undone <= 1,
                _ => false,
            };
            Assert.True(isRight, $"{undo}: {undone} times, {end}");
        }

        if (fails) Assert.Equal(answers.Reverse().Select((answer) => answer.CallId), told.Select((notices) => notices.Key!));
        return told.Count((notices) => notices.Last() == NoticeKind.CompensationUnknown);
    }

    private static EnclaveOptions Options(RunStore store) => new()
    {
        WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2, StartTimeout = TimeSpan.FromMinutes(1) },
        Durable = new DurableOptions { Store = store, Keys = [new byte[32]], Grace = TimeSpan.Zero, Wakes = false },
    };

    private static Process Start(StoreDatabase database, string ledgers)
    {
        string[] arguments = ["exec", Repository.Built("Enclave.TestHost"), "wake", database.Broker, ledgers, "2"];
        return Process.Start(new ProcessStartInfo(Repository.DotNet, arguments) { RedirectStandardOutput = true })!;
    }

    private static Task<long> OpenAsync(StoreDatabase database) => database.ScalarAsync<long>("SELECT count(*) FROM enclave.run WHERE state <> 2");

    private static IEnumerable<string> Calls(string ledgers) => Directory.EnumerateFiles(ledgers).SelectMany(File.ReadAllLines);
}
