using System.Collections.Concurrent;
using Enclave.Tenants.Schedules;
using Enclave.Tenants.Scripts;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Tenants.UnitTests;

/// <summary>Schedulers over one store: each time runs once, or by the rule for missed ones, whatever clocks and processes do.</summary>
public sealed class SchedulerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new(s_start);
    private readonly ScriptStore _scripts = ScriptStore.InMemory();
    private TestEnclave _enclave = new();

    public ValueTask InitializeAsync() => SaveAsync();

    public async ValueTask DisposeAsync()
    {
        await _enclave.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Eight schedulers; the clock goes forward, leaps and is set back; hosts die between their claim and their run, and between claim and row.
    /// </summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public async Task Each_time_runs_once_or_is_lost_with_the_host_that_claimed_it(string kind)
    {
        for (int seed = 0; seed < TestSize.Of(4, full: 40); seed++)
        {
            var random = new Random(seed);
            _clock.Now = s_start;
            ScheduleStore store = Store(kind, $"{seed}");
            ScriptScheduler[] schedulers = [.. Enumerable.Range(0, 8).Select((_) => Scheduler(store))];
            var every = TimeSpan.FromSeconds(random.Next(5, 90));
            await Schedules(store).AddAsync(Every(every) with { Overlap = OverlapRule.Wait, Missed = MissedRule.Each, MissedRuns = 100 });
            var seen = new ConcurrentDictionary<DateTimeOffset, FiringState>();
            int runsBefore = _enclave.Runs.Count;
            DateTimeOffset latest = _clock.Now;
            for (int step = 0; step < 60; step++)
            {
                _clock.Now += random.Next(10) switch
                {
                    0 => TimeSpan.FromSeconds(-random.Next(300)),
                    1 => every * random.Next(5, 20),
                    _ => TimeSpan.FromSeconds(random.Next(60)),
                };
                latest = _clock.Now > latest ? _clock.Now : latest;
                if (random.Next(4) == 0) await DieAsync(store, afterRow: random.Next(2) == 0, kind == "folder" ? $"{seed}" : null);
                await LookAsync(schedulers, seen, store);
            }

            _clock.Now = latest;
            for (int i = 0; i < 200 && await LookAsync(schedulers, seen, store); i++) continue;
            int due = (int)((latest - s_start).Ticks / every.Ticks);
            Assert.Equal(Enumerable.Range(1, due).Select((round) => s_start + round * every), seen.Keys.Order());
            Assert.All(seen.Values, (state) => Assert.True(state is FiringState.Succeeded or FiringState.Lost, $"{state}"));
            Assert.Equal(seen.Values.Count((state) => state == FiringState.Succeeded), _enclave.Runs.Count - runsBefore);
        }
    }

    [Theory]
    [InlineData(LostRule.Lost, FiringState.Lost, 1)]
    [InlineData(LostRule.Retry, FiringState.Succeeded, 2)]
    public async Task A_run_whose_host_died_is_lost_or_begins_again_by_its_rule(LostRule rule, FiringState state, int attempts)
    {
        ScheduleStore store = Store("folder");
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { Lost = rule });
        _clock.Now += TimeSpan.FromMinutes(1);
        await DieAsync(store, afterRow: true);

        await RunAsync(Scheduler(store));

        ScheduledFiring firing = Assert.Single((await StatusAsync(store)).Firings);
        Assert.Equal((state, attempts), (firing.State, firing.Attempts));
    }

    [Theory]
    [InlineData(MissedRule.Skip, 0)]
    [InlineData(MissedRule.Once, 1)]
    [InlineData(MissedRule.Each, 3)]
    public async Task Missed_times_run_by_their_rule(MissedRule rule, int runs)
    {
        ScheduleStore store = Store("memory");
        await Schedules(store).AddAsync(Every(TimeSpan.FromHours(1)) with { Missed = rule, MissedRuns = 3 });
        _clock.Now += TimeSpan.FromDays(3650) + TimeSpan.FromMinutes(10);
        ScriptScheduler scheduler = Scheduler(store);

        for (int i = 0; i < 5; i++) await RunAsync(scheduler);

        ScheduleStatus status = await StatusAsync(store);
        IEnumerable<DateTimeOffset> expected = Enumerable.Range(0, runs).Select((i) => _clock.Now.AddMinutes(-10).AddHours(i + 1 - runs));
        Assert.Equal(expected, status.Firings.Select((firing) => firing.Time));
        Assert.All(status.Firings, (firing) => Assert.Equal((FiringState.Succeeded, true), (firing.State, firing.IsMissed)));
        Assert.Equal((runs, 1), (_enclave.Runs.Count, status.MissedCount));
        _clock.Now += TimeSpan.FromMinutes(50);
        await RunAsync(scheduler);
        Assert.Equal(runs + 1, _enclave.Runs.Count);
    }

    [Theory]
    [InlineData(OverlapRule.Skip, FiringState.Succeeded, FiringState.Skipped)]
    [InlineData(OverlapRule.Wait, FiringState.Succeeded, FiringState.Succeeded)]
    [InlineData(OverlapRule.Replace, FiringState.Replaced, FiringState.Succeeded)]
    public async Task Runs_that_would_overlap_follow_their_rule(OverlapRule rule, FiringState first, FiringState second)
    {
        var gate = new TaskCompletionSource();
        int begun = 0;
        _enclave.When((_) => true).Runs(async (script) =>
        {
            if (Interlocked.Increment(ref begun) == 1) await gate.Task.WaitAsync(script.Ended);
            return 1;
        });
        ScheduleStore store = Store("folder");
        ScriptScheduler[] schedulers = [Scheduler(store), Scheduler(store)];
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { Overlap = rule });
        _clock.Now += TimeSpan.FromMinutes(1);
        Task running = Assert.Single(await schedulers[0].LookAsync(default));
        await Within.Becomes(() => Volatile.Read(ref begun) == 1, "the first run has begun");
        _clock.Now += TimeSpan.FromMinutes(1);

        // The other scheduler finds the second time, and the first one its own run that makes place.
        await schedulers[1].LookAsync(default);
        await schedulers[0].LookAsync(default);
        if (rule != OverlapRule.Replace) gate.SetResult();
        await Within.Deadline(running, "the first run has ended");
        foreach (ScriptScheduler scheduler in schedulers) await RunAsync(scheduler);

        Assert.Equal([first, second], (await StatusAsync(store)).Firings.Select((firing) => firing.State));
    }

    [Fact]
    public async Task A_paused_schedule_and_a_paused_tenant_begin_nothing_and_miss_their_times()
    {
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions());
        await _enclave.DisposeAsync();
        _enclave = new TestEnclave((options) => options.UseTenants(tenants));
        await SaveAsync();
        ScheduleStore store = Store("memory");
        SavedSchedules schedules = Schedules(store);
        ScriptScheduler scheduler = Scheduler(store);
        await schedules.AddAsync(Every(TimeSpan.FromMinutes(1)) with { Tenant = "acme", Missed = MissedRule.Once });

        await schedules.PauseAsync("nightly", "acme");
        _clock.Now += TimeSpan.FromMinutes(5);
        await RunAsync(scheduler);
        Assert.Empty((await schedules.FindAsync("nightly", "acme"))!.Firings);
        await schedules.ResumeAsync("nightly", "acme");
        tenants.SetState("acme", TenantState.Paused, "test");
        await RunAsync(scheduler);
        Assert.Empty((await schedules.FindAsync("nightly", "acme"))!.Firings);
        tenants.SetState("acme", TenantState.Active, "test");
        _clock.Now += TimeSpan.FromSeconds(40);
        await RunAsync(scheduler);

        ScheduledFiring firing = Assert.Single((await schedules.FindAsync("nightly", "acme"))!.Firings);
        Assert.Equal((s_start.AddMinutes(5), FiringState.Succeeded, "report@1"), (firing.Time, firing.State, firing.Script));
        await schedules.RemoveAsync("nightly", "acme");
        Assert.Empty(await schedules.ListAsync());
        Assert.Equal(SavedScriptFault.NotFound, (await Assert.ThrowsAsync<SavedScriptException>(() => schedules.PauseAsync("nightly", "acme"))).Fault);
    }

    [Fact]
    public async Task After_failures_in_a_row_another_script_is_told()
    {
        var scripts = new SavedScripts(_scripts, _enclave.Host);
        await scripts.SaveAsync(new ScriptDraft { Name = "alarm", Code = "return args", Activate = true });
        _enclave.When("return 1").Throws("no data");
        ScheduleStore store = Store("memory");
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { OnFailure = "alarm", OnFailureEvery = 2 });
        ScriptScheduler scheduler = Scheduler(store);

        for (int i = 0; i < 5; i++)
        {
            _clock.Now += TimeSpan.FromMinutes(1);
            await RunAsync(scheduler);
        }

        ScheduleStatus status = await StatusAsync(store);
        Assert.Equal((5, "RUNTIME_ERROR: no data"), (status.FailuresInRow, status.Firings[4].Error));
        Assert.Equal(2, _enclave.Runs.Count((run) => run.Code == "return args"));
        _enclave.When("return 1").Returns(1);
        _clock.Now += TimeSpan.FromMinutes(1);
        await RunAsync(scheduler);
        Assert.Equal(0, (await StatusAsync(store)).FailuresInRow);
    }

    [Fact]
    public async Task A_script_that_is_not_there_fails_and_a_stopped_scheduler_leaves_its_run_to_others()
    {
        ScheduleStore store = Store("folder");
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { Script = "gone" });
        _clock.Now += TimeSpan.FromMinutes(1);
        await RunAsync(Scheduler(store));
        Assert.Contains("there is no saved script gone", Assert.Single((await StatusAsync(store)).Firings).Error, StringComparison.Ordinal);

        var never = new TaskCompletionSource();
        _enclave.When((_) => true).Runs(async (script) =>
        {
            await never.Task.WaitAsync(script.Ended);
            return 1;
        });
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { Lost = LostRule.Retry });
        _clock.Now += TimeSpan.FromMinutes(1);
        ScriptScheduler first = Scheduler(store);
        Task running = Assert.Single(await first.LookAsync(default));
        await Within.Becomes(() => _enclave.Runs.Count == 1, "the run has begun");
        await first.StopAsync(new CancellationToken(canceled: true));
        await Within.Deadline(running, "the run has ended");
        Assert.Equal(FiringState.Waiting, (await StatusAsync(store)).Firings[^1].State);
        _enclave.When((_) => true).Returns(1);
        await RunAsync(Scheduler(store));
        Assert.Equal((FiringState.Succeeded, 2), ((await StatusAsync(store)).Firings[^1].State, (await StatusAsync(store)).Firings[^1].Attempts));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"enclaveSchedule":1,"status":{"schedule":{"name":"other","script":"report","every":"00:01:00"},"decided":"2026-11-01T00:00:00Z"}}""")]
    public async Task A_changed_file_is_refused_and_hides_no_other_schedule(string content)
    {
        ScheduleStore store = Store("folder");
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)));
        await File.WriteAllTextAsync(Directory.EnumerateFiles(_folder.Path, "schedule.json", SearchOption.AllDirectories).Single(), content);
        await Schedules(store).AddAsync(Every(TimeSpan.FromMinutes(1)) with { Name = "hourly" });

        Assert.Equal(SavedScriptFault.Damaged, (await Assert.ThrowsAsync<SavedScriptException>(() => Schedules(store).FindAsync("nightly"))).Fault);
        Assert.Equal("hourly", Assert.Single(await Schedules(store).ListAsync()).Schedule.Name);
    }

    private static ScriptSchedule Every(TimeSpan every) => new() { Name = "nightly", Script = "report", Every = every };

    /// <summary>A host claims the next run, and dies before it begins: before or after its claim is in the row.</summary>
    private async Task DieAsync(ScheduleStore store, bool afterRow, string? folder = null)
    {
        (IDisposable? claim, ScheduledFiring? claimed) = (null, null);
        await store.ChangeAsync(new ScriptKey(null, "nightly"), (before, claims) =>
        {
            ScheduleStatus decided = ScheduleTurn.Decide(before!, _clock.Now, (firing) => claims.IsFree(firing.Time));
            if (ScheduleTurn.Next(decided) is not { } next || (claim = claims.TryTake(next.Time)) is null) return before;
            claimed = next;
            if (!afterRow) return before;
            return ScheduleTurn.With(decided, next with { State = FiringState.Running, Host = "dead", Attempts = next.Attempts + 1 });
        }, default);
        claim?.Dispose();
        // The kernel releases the lock of a dead process; its file stays.
        if (claimed is null || folder is null) return;
        string schedule = Path.GetDirectoryName(
            Directory.EnumerateFiles(Path.Combine(_folder.Path, folder), "schedule.json", SearchOption.AllDirectories).Single())!;
        await File.WriteAllTextAsync(Path.Combine(schedule, $"{claimed.Time.UtcTicks:x16}.claim"), "");
    }

    /// <summary>All schedulers look at once, and their runs come to their end. False if nothing began.</summary>
    private static async Task<bool> LookAsync(ScriptScheduler[] schedulers, ConcurrentDictionary<DateTimeOffset, FiringState> seen, ScheduleStore store)
    {
        IReadOnlyList<Task>[] began = await Task.WhenAll(schedulers.Select((scheduler) => Task.Run(() => scheduler.LookAsync(default))));
        await Task.WhenAll(began.SelectMany((runs) => runs));
        foreach (ScheduledFiring firing in (await StatusAsync(store)).Firings) seen[firing.Time] = firing.State;
        return began.Any((runs) => runs.Count > 0);
    }

    private static async Task RunAsync(ScriptScheduler scheduler) => await Task.WhenAll(await scheduler.LookAsync(default));

    private static async Task<ScheduleStatus> StatusAsync(ScheduleStore store) => (await store.FindAsync(new ScriptKey(null, "nightly"), default))!;

    private async ValueTask SaveAsync()
    {
        _enclave.When((_) => true).Returns(1);
        await new SavedScripts(_scripts, _enclave.Host).SaveAsync(new ScriptDraft { Name = "report", Code = "return 1", Activate = true });
    }

    private ScheduleStore Store(string kind, string name = "") =>
        kind == "memory" ? ScheduleStore.InMemory() : ScheduleStore.InFolder(Path.Combine(_folder.Path, name));

    private SavedSchedules Schedules(ScheduleStore store) => new(store, _clock);

    private ScriptScheduler Scheduler(ScheduleStore store) => new(store, new SavedScripts(_scripts, _enclave.Host), _enclave.Host, _clock);
}
