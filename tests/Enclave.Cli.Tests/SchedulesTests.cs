using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave schedules</c>: each command is a process of its own, over the folder of scripts and recordings.</summary>
public sealed class SchedulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_schedule_is_added_shown_paused_and_removed()
    {
        CliResult none = await SchedulesAsync("add", "nightly", "--script", "report", "--every", "1h");
        await SaveAsync("return 1");

        CliResult added = await SchedulesAsync("add", "nightly", "--script", "report", "--cron", "0 12 * * *", "--zone", "Europe/Zurich", "--missed", "once");
        CliResult next = await SchedulesAsync("next", "nightly", "--json"), shown = await SchedulesAsync("show", "nightly", "--json");
        CliResult paused = await SchedulesAsync("pause", "nightly"), listed = await SchedulesAsync("list"), resumed = await SchedulesAsync("resume", "nightly");
        CliResult removed = await SchedulesAsync("remove", "nightly"), gone = await SchedulesAsync("show", "nightly");

        Assert.Equal(2, none.ExitCode);
        Assert.Contains("enclave scripts save report FILE --activate makes one", none.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.StartsWith("nightly: report '0 12 * * *' in Europe/Zurich; next at ", added.Output, StringComparison.Ordinal);
        JsonElement[] times = [.. JsonDocument.Parse(next.Output).RootElement.EnumerateArray()];
        Assert.Equal(10, times.Length);
        Assert.All(times, (time) => Assert.Contains("T12:00:00+0", time.GetString(), StringComparison.Ordinal));
        Assert.Equal("Once", JsonDocument.Parse(shown.Output).RootElement.GetProperty("schedule").GetProperty("missed").GetString());
        Assert.All(new[] { paused, listed }, (one) => Assert.Equal("nightly: report '0 12 * * *' in Europe/Zurich; paused\n", one.Output));
        Assert.Contains("; next at ", resumed.Output, StringComparison.Ordinal);
        Assert.Equal((0, 2), (removed.ExitCode, gone.ExitCode));
        Assert.Contains("enclave schedules list shows those that there are", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a schedule has one of", "--cron", "* * * * *", "--every", "1h")]
    [InlineData("is no line of cron", "--cron", "61 * * * *")]
    [InlineData("does not know the time zone 'Mars/Base'", "--cron", "* * * * *", "--zone", "Mars/Base")]
    [InlineData("has no time after", "--at", "2020-01-01T00:00:00Z")]
    public async Task A_wrong_schedule_is_refused_with_the_remedy(string message, params string[] options)
    {
        await SaveAsync("return 1");

        CliResult result = await SchedulesAsync(["add", "nightly", "--script", "report", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    /// <summary>The whole way of a plug-in system: a saved script, a schedule, its failed run, and the explanation from one folder.</summary>
    [Fact]
    public async Task A_failed_run_of_a_schedule_is_explained_from_the_same_folder()
    {
        await SaveAsync("const order = { total: args.n };\nif (order.total > 1) throw new Error('too much');\nreturn order.total");
        await SchedulesAsync("add", "soon", "--script", "report", "--every", "1s", "--args", """{"n": 2}""");
        JsonElement failed;
        await using (CliProcess running = CliProcess.Start(["schedules", "run", "--store", Store, "--keep-recordings", "on-failure"]))
        {
            failed = await FirstAsync("Failed");
            running.Signal(15);
            await Within.Becomes(() => !running.Runs, "the process has ended");
        }

        CliResult explained = await CliProcess.RunAsync("explain", failed.GetProperty("runId").GetString()!, "--store", Store);

        Assert.Equal(("report@1", "RUNTIME_ERROR: too much"), (failed.GetProperty("script").GetString(), failed.GetProperty("error").GetString()));
        Assert.Contains("Error: too much\nline 2\n", explained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_process_is_killed_is_lost_and_the_next_process_goes_on()
    {
        await SaveAsync("await callTool('wait', {}); return 1");
        await SchedulesAsync("add", "soon", "--script", "report", "--every", "1s");
        await using (CliProcess killed = CliProcess.Start(["schedules", "run", "--store", Store, "--tool", "wait=sleep 60"]))
        {
            await FirstAsync("Running");
            killed.Signal(9);
            await Within.Becomes(() => !killed.Runs, "the process has ended");
        }

        await using CliProcess other = CliProcess.Start(["schedules", "run", "--store", Store, "--tool", "wait=true"]);
        JsonElement lost = await FirstAsync("Lost"), next = await FirstAsync("Succeeded");

        Assert.Equal((1, 1), (lost.GetProperty("attempts").GetInt32(), next.GetProperty("attempts").GetInt32()));
        Assert.NotEqual(lost.GetProperty("time").GetString(), next.GetProperty("time").GetString());
    }

    [Fact]
    public async Task A_broker_runs_the_schedules_of_its_store()
    {
        await SaveAsync("return 1");
        await SchedulesAsync("add", "soon", "--script", "report", "--every", "1s");
        CliResult without = await CliProcess.RunAsync("serve", "--schedules", "--port", "0");

        await using Served served = await Served.Start("--store", Store, "--schedules");

        Assert.Equal("report@1", (await FirstAsync("Succeeded")).GetProperty("script").GetString());
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("give --store FOLDER", without.Error, StringComparison.Ordinal);
    }

    /// <summary>The first run of the schedule in this state.</summary>
    private async Task<JsonElement> FirstAsync(string state)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            JsonElement shown = JsonDocument.Parse((await SchedulesAsync("show", "soon", "--json")).Output).RootElement;
            foreach (JsonElement firing in shown.GetProperty("firings").EnumerateArray())
            {
                if (firing.GetProperty("state").GetString() == state) return firing;
            }
        }
    }

    private async Task SaveAsync(string code)
    {
        CliResult saved = await CliProcess.RunAsync("scripts", "save", "report", _folder.File("report.js", code), "--store", Store, "--activate");
        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
    }

    private Task<CliResult> SchedulesAsync(string command, params string[] arguments) => SchedulesAsync([command, .. arguments]);

    private Task<CliResult> SchedulesAsync(string[] arguments) => CliProcess.RunAsync(["schedules", .. arguments, "--store", Store]);
}
