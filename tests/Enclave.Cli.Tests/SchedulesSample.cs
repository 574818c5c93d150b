using Enclave.Tenants;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>The example of docs/schedules.md.</summary>
public sealed class SchedulesSample
{
    [Fact]
    public async Task The_first_example_runs()
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.Path;
        await using var enclave = new EnclaveHost();
        // sample
        var scripts = new SavedScripts(ScriptStore.InFolder(folder), enclave);
        await scripts.SaveAsync(new ScriptDraft { Name = "report", Code = "return args.n * 2", Activate = true });

        ScheduleStore store = ScheduleStore.InFolder(folder);
        await new SavedSchedules(store).AddAsync(new ScriptSchedule
        {
            Name = "soon",
            Script = "report",
            Arguments = """{ "n": 21 }""",
            Every = TimeSpan.FromSeconds(1),
        });
        using var scheduler = new ScriptScheduler(store, scripts, enclave);
        await scheduler.StartAsync(CancellationToken.None);
        // end
        ScheduledFiring first = await Within.Deadline(FirstAsync(new SavedSchedules(store)), "the first run");

        Assert.Equal("report@1", first.Script);
        await scheduler.StopAsync(CancellationToken.None);
    }

    /// <summary>The folder tells nobody of its changes.</summary>
    private static async Task<ScheduledFiring> FirstAsync(SavedSchedules schedules)
    {
        while (true)
        {
            ScheduleStatus? status = await schedules.FindAsync("soon", null, TestContext.Current.CancellationToken);
            if (status is { Firings: [{ State: FiringState.Succeeded } first, ..] }) return first;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
