using System.Diagnostics;
using System.Text.Json;
using Enclave.Journals;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>A run that is put aside at every await, and resumed in another process each time, does what a run does that never stops.</summary>
public sealed class EveryAwaitTests : IAsyncDisposable
{
    /// <summary>One of so many steps is made by a process that has just started, because the one before was killed.</summary>
    private const int StepsOfProcess = 60;

    private static readonly DateTimeOffset s_start = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-awaits-").FullName;
    private readonly Process?[] _processes = new Process?[2];
    private readonly Random _random = new(20261126);
    private readonly SetClock _clock = new();
    private readonly RunStore _runs, _steady = RunStore.InMemory();
    private readonly EnclaveHost _desk, _patient;
    private readonly List<string> _calls = [];

    public EveryAwaitTests()
    {
        _runs = RunStore.InFolder(Path.Combine(_folder, "runs"));
        _desk = Host(_runs, (_, _, _) => throw new InvalidOperationException("it only answers"));
        _patient = Host(_steady, (name, args, context) =>
        {
            lock (_calls) _calls.Add($"{context.IdempotencyKey!.Split(':')[1]} {name} {args.ToJsonString()}");
            return new(ToolResult.Later(Guid.NewGuid().ToString()));
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ledger => Path.Combine(_folder, "ledger");

    public async ValueTask DisposeAsync()
    {
        foreach (Process? process in _processes) End(process);
        await _desk.DisposeAsync();
        await _patient.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_that_stops_at_every_await_is_the_run_that_never_stops()
    {
        var programs = new WaitingPrograms(new Random(20261126));
        int stops = 0, succeeded = 0, count = TestSize.Of(20, 500);
        for (int i = 0; i < count; i++)
        {
            string code = programs.Next();
            var key = new RunKey(null, $"program-{i}");
            (DurableRun stopped, JournalEntry.Opened opened, List<Step> steps) = await StopAsync(key, code);
            string[] ledger = File.Exists(Ledger) ? File.ReadAllLines(Ledger) : [];
            File.Delete(Ledger);

            DurableRun straight = await GoStraightAsync(key, opened, steps);

            string Text(DurableRun run) => $"{run.Outcome} {run.Result!.Error?.Message} {run.Result.Value.ToJsonString()}\n{run.Result.Stdout}";
            Assert.True(Text(straight) == Text(stopped), $"program {i}\n{code}\n--- never stopped\n{Text(straight)}\n--- stopped\n{Text(stopped)}");
            Assert.Equal(ledger.Distinct().Order(), ledger.Order());
            // A run that ends with calls that it does not await may end before their tools are called.
            bool IsAwaited(string call) => steps.Any((step) => step.Waits.Contains($"c_{call.Split(' ')[0]} ", StringComparison.Ordinal));
            Assert.Equal(_calls.Where(IsAwaited).Order(), ledger.Where(IsAwaited).Order());
            stops += steps.Count;
            succeeded += straight.Result!.Success ? 1 : 0;
        }

        // Otherwise the programs prove nothing.
        Assert.True(stops > 4 * count, $"{stops} stops");
        Assert.InRange(succeeded, count / 2, count - 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} programs, {stops} stops, {succeeded} ended without an error");
    }

    /// <summary>One wait ends whenever the run is put aside, and the other process goes on.</summary>
    private async Task<(DurableRun Run, JournalEntry.Opened Opened, List<Step> Steps)> StopAsync(RunKey key, string code)
    {
        _clock.Now = s_start;
        var steps = new List<Step>();
        string state = await TellAsync(0, new { name = key.Name, now = _clock.Now.ToUnixTimeMilliseconds(), code });
        DurableRun run = (await _desk.Runs.FindAsync(key.Name, cancellationToken: Token))!;
        while (state == nameof(DurableRunState.Suspended))
        {
            Step step = Choose(run.Waits);
            steps.Add(step);
            await EndWaitAsync(_desk, run.Waits, step);
            state = await TellAsync(steps.Count % 2, new { name = key.Name, now = _clock.Now.ToUnixTimeMilliseconds() });
            run = (await _desk.Runs.FindAsync(key.Name, cancellationToken: Token))!;
            Assert.True(steps.Count < 300, $"{run.State} {run.Outcome} {string.Join(", ", run.Waits)}");
        }

        (StoredRun row, Memory<byte> entries) = (await _runs.ReadAsync(key, 1 << 20, Token))!.Value;
        using var seal = new JournalSeal(new JournalKeys([new byte[32]]), key, row.Journal);
        JournalEntry.Opened opened = JournalHistory.Read(seal, row, entries).Opened;
        Assert.True(await _desk.Runs.DeleteAsync(key.Name, cancellationToken: Token));
        return (run, opened, steps);
    }

    /// <summary>The same run, from its first entry alone, on one worker. Its waits end in the same order, at the same times.</summary>
    private async Task<DurableRun> GoStraightAsync(RunKey key, JournalEntry.Opened opened, List<Step> steps)
    {
        _clock.Now = s_start;
        _calls.Clear();
        var row = new StoredRun { Key = key, Journal = Guid.NewGuid(), Origin = [], Created = s_start, Changed = s_start, State = DurableRunState.Suspended };
        using var seal = new JournalSeal(new JournalKeys([new byte[32]]), key, row.Journal);
        (row, byte[] entry) = RunJournal.Begin(seal, row, [opened]);
        await (await _steady.CreateAsync(row, entry, Token))!.DisposeAsync();
        Task<DurableRun> running = _patient.ResumeAsync(key.Name, cancellationToken: Token);
        foreach (Step step in steps)
        {
            // Once the script waits for all that it waited for before, it stands still.
            IReadOnlyList<DurableWait> waits = [];
            await Within.Becomes(
                () => running.IsCompleted || Step.TextOf(waits = _patient.Runs.FindAsync(key.Name).Result!.Waits) == step.Waits,
                $"the script waited for {step.Waits}",
                () => Step.TextOf(waits));
            if (running.IsCompleted) break;
            _clock.Now = step.Now;
            await EndWaitAsync(_patient, waits, step);
            _steady.Wake(key);
        }

        DurableRun ended = await Within.Deadline(running, "end of the run that never stops");
        Assert.True(await _patient.Runs.DeleteAsync(key.Name, cancellationToken: Token));
        return ended;
    }

    /// <summary>The next wait to end: by an answer, a moment later, or by its time. No two waits end at the same time.</summary>
    private Step Choose(IReadOnlyList<DurableWait> waits)
    {
        DurableWait? next = waits.Where((wait) => wait.Until is not null).MinBy((wait) => wait.Until);
        DurableWait[] answered = [.. waits.Where((wait) => wait.Token.Length > 0)];
        DateTimeOffset soon = _clock.Now.AddMilliseconds(_random.Next(1, 10));
        bool isTime = next is not null && (answered.Length == 0 || soon >= next.Until || _random.Next(3) == 0);
        Assert.False(!isTime && answered.Length == 0, "nothing can end the waits");
        _clock.Now = isTime ? next!.Until!.Value : soon;
        return new Step(Step.TextOf(waits), _clock.Now, isTime ? null : answered[_random.Next(answered.Length)].CallId);
    }

    private static async Task EndWaitAsync(EnclaveHost host, IReadOnlyList<DurableWait> waits, Step step)
    {
        if (step.Answered is null) return;
        DurableWait wait = waits.Single((one) => one.CallId == step.Answered);
        object answer = wait.Name == "fail" ? new ToolException($"no {wait.CallId}") { Name = "NoSuchRow", Code = "E" + wait.CallId }
            : new { wait.CallId, odd = double.NaN };
        await host.AnswerAsync(wait.Token, answer, Token);
    }

    private async Task<string> TellAsync(int index, object step)
    {
        if (_random.Next(StepsOfProcess) == 0)
        {
            End(_processes[index]);
            _processes[index] = null;
        }

        Process process = _processes[index] ??= Process.Start(
            new ProcessStartInfo(Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "step", Path.Combine(_folder, "runs"), Ledger])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(step));
        return await Within.Deadline(process.StandardOutput.ReadLineAsync(), "answer of a process") ?? throw new InvalidOperationException("a process ended");
    }

    private static void End(Process? process)
    {
        if (process is null) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private EnclaveHost Host(RunStore store, ToolHandler tools) => new(new EnclaveOptions
    {
        ToolHandler = tools,
        Durable = new DurableOptions { Store = store, Keys = [new byte[32]], Grace = TimeSpan.FromHours(1), Wakes = false },
        TimeProvider = _clock,
        WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1 },
        Timeout = TimeSpan.FromMinutes(1),
    }.WithoutGuard());

    /// <summary>What a run waited for, and how one of its waits ended.</summary>
    /// <param name="Waits">All waits.</param>
    /// <param name="Now">The time at which one of them ended.</param>
    /// <param name="Answered">The call that was answered; null if the time ended one.</param>
    private sealed record Step(string Waits, DateTimeOffset Now, string? Answered)
    {
        public static string TextOf(IEnumerable<DurableWait> waits) =>
            string.Join(", ", waits.Select((wait) => $"{wait.CallId} {wait.Kind} {(wait.Kind == WaitKind.Time ? "" : wait.Name)} {wait.Until:o}").Order());
    }

    /// <summary>The time of day is set by the test; timers are the machine's.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        // Both clocks go on together: neither takes a step.
        public override long GetTimestamp() => Now.UtcTicks;
    }
}
