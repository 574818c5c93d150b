using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>One host, its tenants, and the checks of each of their jobs.</summary>
internal sealed class SoakHost : IAsyncDisposable
{
    private const int Tenants = 4, Burst = 60, MaxWorkers = 4;

    private readonly string _name;
    private readonly SoakTally _tally;
    private readonly Chaos _chaos;
    private readonly EnclaveHost _host;
    private readonly Random[] _randoms;
    private readonly Impatience _impatience = new();
    private long _jobs;
    private long _refused;

    public SoakHost(SecurityLevel level, int seed, SoakTally tally, Chaos chaos)
    {
        (_name, _tally, _chaos) = (level.ToString(), tally, chaos);
        _randoms = [.. Enumerable.Range(0, Tenants).Select((tenant) => new Random(HashCode.Combine(seed, (int)level, tenant)))];
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.For(level) with
            {
                MinWorkers = 2,
                MaxWorkers = MaxWorkers,
                MaxQueueSize = 40,
                QueueTimeout = TimeSpan.FromSeconds(10),
                MaxExecutionsPerWorker = 60,
                MaxMessageBytes = 1 << 20,
            },
            Timeout = TimeSpan.FromMilliseconds(600),
            // Small enough to be full before the first sample of the host's memory.
            GuardCacheBytes = 256 << 10,
            ToolHandler = AnswerAsync,
            OnWorkerRecycled = (reason) => tally.Note($"recycled for {reason}"),
            OnSecurityEvent = (report) => tally.Fault($"{_name}: a security event: {report}"),
        };
        _host = new EnclaveHost(options.WithoutGuard());
    }

    public Task WarmUpAsync() => Within.Deadline(_host.WarmUpAsync(), $"warm pool of {_name}");

    /// <summary>Runs all tenants at once for this time, and waits for every answer.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        await Task.WhenAll(_randoms.Select((random, tenant) => Task.Run(() => LiveAsync(tenant, random, end))));
        PoolSnapshot snapshot = _host.GetSnapshot();
        // Scripts that the guard refuses never reach the pool. A job whose caller gave up is counted shortly after the caller knows.
        await Within.Becomes(() => (snapshot = _host.GetSnapshot()).Settled >= _jobs - _refused, $"every job of {_name} was settled");
        if (snapshot.Submitted != _jobs - _refused)
            _tally.Fault($"{_name}: {_jobs} jobs, {_refused} of them refused before the pool, and {snapshot.Submitted} submitted");
        if (snapshot.Settled != snapshot.Submitted) _tally.Fault($"{_name}: {snapshot.Submitted} submitted, {snapshot.Settled} settled");
        if (snapshot.ActiveWorkers != 0 && snapshot.Settled == _jobs) _tally.Note("still active after all answers");
    }

    /// <summary>
    /// At the end, a job of each tenant still has its value. Workers that were stopped by the last strike cost a job each before they are found.
    /// </summary>
    public async Task AssertWell()
    {
        // The last kills may have ended one start after another, and then the pool pauses before the next attempt.
        await Within.Becomes(() => _host.GetSnapshot() is { IsCrashLooping: false } || _host.GetSnapshot().IdleWorkers > 0, $"{_name} starts workers again");
        int struck = 0;
        for (int tenant = 0; tenant < Tenants;)
        {
            string marker = Markers.Of(tenant, Interlocked.Increment(ref _jobs));
            RunOptions options = Options(JobKinds.Value, tenant, marker, (_) => { }) with { Timeout = TimeSpan.FromSeconds(5) };
            ExecutionResult result = await Within.Deadline(_host.RunAsync(JobKinds.Value.Program, options), "answer after it all");
            if (result.Success) tenant++;
            else Assert.True(result.Error!.Code is ErrorCode.Timeout or ErrorCode.QueueTimeout or ErrorCode.WorkerCrashed && ++struck <= MaxWorkers,
                $"{_name}, after it all, {struck} workers struck: {result.Error.Code} {result.Error.Message}");
        }
    }

    public ValueTask DisposeAsync() => new(Within.Deadline(_host.DisposeAsync().AsTask(), $"end of {_name}"));

    private async Task LiveAsync(int tenant, Random random, long end)
    {
        var waiting = new List<Task>();
        while (Environment.TickCount64 < end && _tally.Faults.Count == 0)
        {
            if (random.Next(60) == 0) for (int i = 0; i < Burst; i++) waiting.Add(OneAsync(JobKinds.Value, tenant, random.Next()));
            waiting.Add(OneAsync(JobKinds.Draw(random), tenant, random.Next()));
            int most = random.Next(1, 6);
            while (waiting.Count >= most)
            {
                Task ended = await Task.WhenAny(waiting);
                waiting.Remove(ended);
                await ended;
            }
        }

        await Task.WhenAll(waiting);
    }

    private async Task OneAsync(JobKind kind, int tenant, int chance)
    {
        string marker = Markers.Of(tenant, Interlocked.Increment(ref _jobs));
        using var cancel = new CancellationTokenSource();
        RunOptions options = Options(kind, tenant, marker, (line) => Look(kind, marker, "a console line", line.Text));
        string outcome;
        try
        {
            Task<ExecutionResult> answer = _host.RunAsync(kind.Program, options, cancel.Token);
            if (kind.IsCancelled) await _impatience.Take(cancel, chance);
            ExecutionResult result = await Within.Deadline(answer, $"answer to a job of {_name}: {kind.Name}");
            outcome = Judge(kind, marker, result);
            // Jobs that no worker had would quicken the pace until no start survives.
            if (result.Stats.WorkerId != 0) _chaos.JobHasRun();
            // A refused caller comes back a moment later.
            if (result.Error?.Code == ErrorCode.QueueFull || result.Error?.Data?.GetValueOrDefault("phase") is "start") await Task.Delay(20);
        }
        catch (OperationCanceledException) when (kind.IsCancelled)
        {
            outcome = "cancelled";
        }

        _tally.Count(_name, kind.Name, outcome);
        await _impatience.JobEnded();
    }

    private string Judge(JobKind kind, string marker, ExecutionResult result)
    {
        Look(kind, marker, "the output", result.Stdout);
        Look(kind, marker, "the message", result.Error?.Message);
        Look(kind, marker, "the stack", result.Error?.Stack);
        if (result.Error is { } error)
        {
            if (error.Code == ErrorCode.ValidationError) Interlocked.Increment(ref _refused);
            if (!kind.Outcomes.Contains(error.Code) && !JobKinds.OfAnyJob.Contains(error.Code))
                _tally.Fault($"{_name}: {kind.Name} ended with {error.Code}: {error.Message}");
            return error.Code.ToString();
        }

        if (kind.Outcomes.Contains(ErrorCode.ValidationError)) _tally.Fault($"{_name}: {kind.Name} ran");
        if (result.Value.Kind == ScriptValueKind.Object)
        {
            if (result.Value["marker"].AsString() != marker) _tally.Fault($"{_name}: {kind.Name} of {marker} has the value {result.Value}");
            if (result.Value.TryGetProperty("places", out ScriptValue places) && places.AsInt32() < Markers.LeastPlaces)
                _tally.Fault($"{_name}: a job finds its own marker in {places} places only");
        }

        return "success";
    }

    private void Look(JobKind kind, string marker, string where, string? text)
    {
        if (text is not null && Markers.IsForeign(text, marker))
            _tally.Fault($"{_name}: {where} of {kind.Name}, {marker}, is somebody else's: {text[..Math.Min(text.Length, 300)]}");
    }

    private static RunOptions Options(JobKind kind, int tenant, string marker, Action<ConsoleLine> console) => new()
    {
        Tenant = $"tenant {tenant}",
        Timeout = kind.Timeout,
        MemoryLimit = kind.MemoryLimit,
        MaxToolCalls = kind.MaxToolCalls,
        Context = marker,
        Globals = new Dictionary<string, object?> { ["marker"] = marker },
        OnConsole = console,
    };

    private async ValueTask<object?> AnswerAsync(string name, ScriptValue args, ToolContext context)
    {
        var marker = (string)context.Context!;
        if (args["marker"].AsString() != marker) _tally.Fault($"{_name}: a tool call of {args["marker"]} came as one of {marker}");
        switch (name)
        {
            case "fail": throw new InvalidOperationException(marker);
            case "never": await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken); break;
            // A tool that takes its time.
            case "slow": await Task.Delay(30, context.CancellationToken); break;
        }

        return args;
    }
}
