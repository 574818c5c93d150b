using Enclave.Durable;
using Enclave.Host.Tests.Records;
using Enclave.Journals;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>A run that is put aside at every await, and resumed by another host each time, does what a run does that never stops.</summary>
public sealed class EveryAwaitTests
{
    private static readonly RunKey s_key = new(null, "every");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_stops_at_every_await_is_the_run_that_never_stops()
    {
        var programs = new RepeatablePrograms(new Random(20261126));
        var clock = new SteppedClock();
        await using RunStore stopping = RunStore.InMemory(), steady = RunStore.InMemory();
        await using EnclaveHost patient = Host(steady, clock, TimeSpan.FromHours(1));
        EnclaveHost[] hosts = [Host(stopping, clock, TimeSpan.Zero), Host(stopping, clock, TimeSpan.Zero)];
        int stops = 0, succeeded = 0, count = TestSize.Of(40, 500);
        try
        {
            for (int i = 0; i < count; i++)
            {
                string code = programs.Next();
                (DurableRun stopped, IReadOnlyList<string> ledger, JournalEntry.Opened opened, int parts) = await StopAsync(hosts, stopping, clock, code);

                (DurableRun straight, IReadOnlyList<string> expected) = await GoStraightAsync(patient, steady, clock, opened, ledger);

                string Text(DurableRun run) => $"{run.Outcome} {run.Result!.Error?.Message} {run.Result.Value.ToJsonString()}\n{run.Result.Stdout}";
                Assert.True(Text(straight) == Text(stopped), $"program {i}\n{code}\n--- never stopped\n{Text(straight)}\n--- stopped\n{Text(stopped)}");
                Assert.Equal(expected, ledger);
                stops += parts;
                succeeded += straight.Result!.Success ? 1 : 0;
            }
        }
        finally
        {
            foreach (EnclaveHost host in hosts) await host.DisposeAsync();
        }

        // Otherwise the programs prove nothing.
        Assert.True(stops > 3 * count, $"{stops} stops");
        Assert.InRange(succeeded, count / 2, count - 1);
    }

    /// <summary>Each call is answered when the run is put aside, and another host goes on.</summary>
    private static async Task<(DurableRun Run, IReadOnlyList<string> Ledger, JournalEntry.Opened Opened, int Parts)> StopAsync(
        EnclaveHost[] hosts, RunStore store, SteppedClock clock, string code)
    {
        clock.Step = 0;
        var ledger = new List<string>();
        DurableRun run = await hosts[0].StartAsync(code, new RunOptions { Durable = s_key.Name }, Token);
        int parts = 1;
        for (; run.State != DurableRunState.Ended; parts++)
        {
            clock.Step = parts;
            Assert.NotEmpty(run.Waits);
            await AnswerAsync(hosts[0], run.Waits.MinBy((wait) => int.Parse(wait.CallId[2..]))!, ledger);
            run = await hosts[parts % 2].ResumeAsync(s_key.Name, cancellationToken: Token);
            Assert.True(parts < 200, $"{run.State} {run.Outcome} {string.Join(", ", run.Waits)}");
        }

        (StoredRun row, ReadOnlyMemory<byte> entries) = (await store.ReadAsync(s_key, 1 << 20, Token))!.Value;
        using var seal = new JournalSeal(new JournalKeys([]), s_key, row.Journal);
        JournalEntry.Opened opened = JournalHistory.Read(seal, row, entries).Opened;
        Assert.True(await hosts[0].Runs.DeleteAsync(s_key.Name, cancellationToken: Token));
        return (run, ledger, opened, parts);
    }

    /// <summary>The same run, from its first entry alone, on one worker. Its calls are answered in the same order.</summary>
    private static async Task<(DurableRun Run, IReadOnlyList<string> Ledger)> GoStraightAsync(
        EnclaveHost host, RunStore store, SteppedClock clock, JournalEntry.Opened opened, IReadOnlyList<string> order)
    {
        clock.Step = 0;
        DateTimeOffset now = clock.GetUtcNow();
        var row = new StoredRun { Key = s_key, Journal = Guid.NewGuid(), Origin = [], Created = now, Changed = now, State = DurableRunState.Suspended };
        using var seal = new JournalSeal(new JournalKeys([]), s_key, row.Journal);
        (row, byte[] entry) = RunJournal.Begin(seal, row, [opened]);
        await (await store.CreateAsync(row, entry, Token))!.DisposeAsync();
        var ledger = new List<string>();
        Task<DurableRun> running = host.ResumeAsync(s_key.Name, cancellationToken: Token);
        for (int step = 1; step <= order.Count && !running.IsCompleted; step++)
        {
            string call = order[step - 1].Split(' ')[0];
            DurableWait? wait;
            while ((wait = await FindWaitAsync(host, call)) is null && !running.IsCompleted) await Task.Yield();
            if (wait is null) break;
            clock.Step = step;
            await AnswerAsync(host, wait, ledger);
            while (await FindWaitAsync(host, call) is not null && !running.IsCompleted) await Task.Yield();
        }

        DurableRun ended = await running;
        Assert.True(await host.Runs.DeleteAsync(s_key.Name, cancellationToken: Token));
        return (ended, ledger);
    }

    private static async Task<DurableWait?> FindWaitAsync(EnclaveHost host, string call) =>
        (await host.Runs.FindAsync(s_key.Name, cancellationToken: Token))!.Waits.FirstOrDefault((wait) => wait.CallId == call);

    private static async Task AnswerAsync(EnclaveHost host, DurableWait wait, List<string> ledger)
    {
        ledger.Add($"{wait.CallId} {wait.Name}");
        object answer = wait.Name == "fail" ? new ToolException($"no {wait.CallId}") { Name = "NoSuchRow", Code = "E" + wait.CallId }
            : new { wait.CallId, odd = double.NaN };
        await host.AnswerAsync(wait.Token, answer, Token);
    }

    private static EnclaveHost Host(RunStore store, TimeProvider clock, TimeSpan grace) => new(new EnclaveOptions
    {
        ToolHandler = (name, args, context) => new(ToolResult.Later(Guid.NewGuid().ToString())),
        Durable = new DurableOptions { Store = store, Grace = grace, Wakes = false },
        TimeProvider = clock,
        WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 },
        Timeout = TimeSpan.FromMinutes(1),
    }.WithoutGuard());

    /// <summary>The time moves with the steps of a test; timers are the machine's.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        public int Step { get; set; }

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero).AddMinutes(Step);
    }
}
