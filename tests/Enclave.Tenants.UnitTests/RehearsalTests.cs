using Enclave.Testing;

namespace Enclave.Tenants.UnitTests;

/// <summary>A version is compared with recorded runs of its script, and each difference is named.</summary>
public sealed class RehearsalTests : IAsyncLifetime
{
    private readonly KeepRecordings _recordings = new() { Always = true };
    private readonly TestEnclave _enclave;
    private readonly SavedScripts _scripts;
    private int _called;

    public RehearsalTests()
    {
        _enclave = new TestEnclave((options) =>
        {
            options.KeepRecordings = _recordings;
            options.ToolHandler = (name, args, _) =>
            {
                Interlocked.Increment(ref _called);
                return new($"{name} {args["id"]}");
            };
        });
        _scripts = new SavedScripts(ScriptStore.InMemory(), _enclave.Host);
        // Three calls, the third with the number of the run; odd runs fail.
        _enclave.When("return 1").Runs((script) => CallsAsync(script, (number) => number));
    }

    public async ValueTask InitializeAsync()
    {
        await _scripts.SaveAsync(new ScriptDraft { Name = "report", Code = "return 1", Activate = true });
        for (int i = 0; i < 10; i++) await _scripts.RunSavedAsync("report", new { n = i }, new RunOptions { Tenant = "acme", RunId = $"run-{i}" });
        await _scripts.RunSavedAsync("report", new { n = 0 }, new RunOptions { Tenant = "globex" });
        _called = 0;
    }

    public async ValueTask DisposeAsync() => await _enclave.DisposeAsync();

    [Fact]
    public async Task An_equal_version_is_activated_and_no_tool_is_called()
    {
        await SaveAsync("return 2", (script) =>
        {
            script.Print("another line");
            return CallsAsync(script, (number) => number);
        });

        ScriptRehearsal rehearsal = await RehearseAsync("report@2", activate: true);

        Assert.Equal((10, 10, true, true), (rehearsal.Runs.Count, rehearsal.Count(RehearsalOutcome.Equal), rehearsal.IsEqual, rehearsal.IsActivated));
        Assert.Equal(["run-9", "run-8"], rehearsal.Runs.Take(2).Select((run) => run.RunId));
        Assert.Equal(2, (await _scripts.FindAsync("report"))!.Active);
        Assert.Equal(0, _called);
    }

    [Fact]
    public async Task A_changed_third_call_is_told_for_exactly_the_runs_in_which_it_matters()
    {
        await SaveAsync("return 2", (script) => CallsAsync(script, (number) => number % 3 == 0 ? number + 100 : number));

        ScriptRehearsal rehearsal = await RehearseAsync("report@2", activate: true);

        IEnumerable<RehearsedRun> others = rehearsal.Runs.Where((run) => run.Outcome == RehearsalOutcome.OtherCalls);
        Assert.Equal(["run-9", "run-6", "run-3", "run-0"], others.Select((run) => run.RunId));
        Assert.Equal(6, rehearsal.Count(RehearsalOutcome.Equal));
        ReplayDifference difference = rehearsal.Runs[0].Difference!;
        Assert.Equal(("tool call 3", "$.id", "9", "109"), (difference.Place, difference.Path, difference.RecordedPart, difference.ReplayedPart));
        Assert.False(rehearsal.IsActivated);
        Assert.Equal(1, (await _scripts.FindAsync("report"))!.Active);
    }

    [Fact]
    public async Task Other_values_failures_and_missing_calls_are_told_apart()
    {
        await SaveAsync("return 2", async (script) =>
        {
            int number = Number(script);
            if (number == 1) throw new InvalidOperationException("another failure");
            if (number == 3) return 42;
            if (number == 4) return await script.CallAsync("first", new { id = 1 });
            object? value = await CallsAsync(script, (same) => same);
            if (number == 6) throw new InvalidOperationException("new failure");
            return number == 8 ? "other" : value;
        });

        ScriptRehearsal rehearsal = await RehearseAsync("report@2");

        Assert.Equal(RehearsalOutcome.OtherCalls, Of(1).Outcome);
        Assert.Equal(RehearsalOutcome.OtherCalls, Of(3).Outcome);
        Assert.Equal((RehearsalOutcome.OtherCalls, "tool call 2"), (Of(4).Outcome, Of(4).Difference!.Place));
        Assert.Equal(RehearsalOutcome.Failed, Of(6).Outcome);
        Assert.Equal((RehearsalOutcome.OtherValue, "value"), (Of(8).Outcome, Of(8).Difference!.Place));
        Assert.Equal(5, rehearsal.Count(RehearsalOutcome.Equal));

        RehearsedRun Of(int number) => rehearsal.Runs.Single((run) => run.RunId == $"run-{number}");
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_the_new_schema_fail()
    {
        const string Parameters = """{"type":"object","properties":{"n":{"type":"number","maximum":4}}}""";
        await SaveAsync("return 2", (script) => CallsAsync(script, (number) => number), Parameters);

        ScriptRehearsal rehearsal = await RehearseAsync("report@2", last: 6);

        Assert.Equal((5, 1), (rehearsal.Count(RehearsalOutcome.Failed), rehearsal.Count(RehearsalOutcome.Equal)));
        Assert.Equal("the arguments of report@2 do not fit its parameters: $.n is 9; expected at most 4", rehearsal.Runs[0].Why);
    }

    [Fact]
    public async Task Without_recordings_nothing_is_equal()
    {
        ScriptRehearsal rehearsal = await _scripts.RehearseAsync("report@1", _recordings, "initech", activateIfEqual: true);

        Assert.Equal((0, false, false), (rehearsal.Runs.Count, rehearsal.IsEqual, rehearsal.IsActivated));
    }

    private async Task SaveAsync(string code, Func<FakeScript, Task<object?>> behaviour, string? parameters = null)
    {
        _enclave.When(code).Runs(behaviour);
        await _scripts.SaveAsync(new ScriptDraft { Name = "report", Code = code, Parameters = parameters });
    }

    private Task<ScriptRehearsal> RehearseAsync(string reference, int last = 1000, bool activate = false) =>
        _scripts.RehearseAsync(reference, _recordings, "acme", last, activate);

    private static int Number(FakeScript script) => (int)script.Globals["args"]["n"].AsDouble();

    private static async Task<object?> CallsAsync(FakeScript script, Func<int, int> third)
    {
        int number = Number(script);
        await script.CallAsync("first", new { id = 1 });
        await script.CallAsync("second", new { id = 2 });
        object? value = await script.CallAsync("third", new { id = third(number) });
        return number % 2 == 1 ? throw new InvalidOperationException("odd") : value;
    }
}
