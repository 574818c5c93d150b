namespace Enclave.Host.Tests.Durable;

/// <content>Lists of runs.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task Runs_are_listed_by_state_and_tenant()
    {
        EnclaveHost host = Host();
        await host.StartAsync("await waitFor('x')", Named("a"), Token);
        await host.StartAsync("return 1", Named("b"), Token);
        await host.StartAsync("await sleep('3d')", Named("c") with { Tenant = "acme" }, Token);

        IReadOnlyList<DurableRun> all = await host.Runs.ListAsync(new RunQuery { AllTenants = true }, Token);
        IReadOnlyList<DurableRun> waiting = await host.Runs.ListAsync(new RunQuery { State = DurableRunState.Suspended }, Token);
        IReadOnlyList<DurableRun> acme = await host.Runs.ListAsync(new RunQuery { Tenant = "acme" }, Token);

        Assert.Equal(["a", "b", "c"], all.Select((run) => run.Name).Order());
        Assert.Equal(all.Select((run) => run.Changed).OrderDescending(), all.Select((run) => run.Changed));
        Assert.Equal(["a"], waiting.Select((run) => run.Name));
        DurableWait sleep = Assert.Single(Assert.Single(acme).Waits);
        Assert.Equal(WaitKind.Time, sleep.Kind);
        Assert.InRange(sleep.Until!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task Pages_have_every_run_once_also_those_that_changed_in_one_millisecond()
    {
        EnclaveHost early = Host(options: (options) => options.TimeProvider = new StandingClock(0)),
            late = Host(options: (options) => options.TimeProvider = new StandingClock(1));
        string[] names = [.. Enumerable.Range(0, 9).Select((i) => $"run-{i}")];
        foreach (string name in names) await (name is "run-0" or "run-5" ? late : early).StartAsync("return 1", Named(name), Token);
        var pages = new List<IReadOnlyList<DurableRun>>();

        for (DateTimeOffset? before = null; pages is [] || pages[^1] is not []; before = pages[^1] is [.., var last] ? last.Changed : null)
            pages.Add(await early.Runs.ListAsync(new RunQuery { Limit = 2, Before = before }, Token));

        Assert.Equal([2, 7, 0], pages.Select((page) => page.Count));
        Assert.Equal(names, pages.SelectMany((page) => page).Select((run) => run.Name).Order());
        // The limit falls among them.
        Assert.Equal(9, (await early.Runs.ListAsync(new RunQuery { Limit = 3 }, Token)).Count);
    }

    /// <summary>A clock that stands, so many milliseconds after a fixed time.</summary>
    private sealed class StandingClock(int milliseconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(milliseconds);
    }
}
