using System.Text.Json;
using Enclave.Tenants;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave scripts rehearse</c>: recordings of real runs, with another version of their script.</summary>
public sealed class RehearsalTests : IDisposable
{
    private const string First = """
        const order = await callTool('order', { id: args.n });
        const rate = await callTool('rate', { currency: order.currency });
        await callTool('book', { id: args.n, total: order.total * rate });
        return { booked: args.n, dice: Math.random() };
        """;

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_changed_third_call_is_told_for_exactly_the_recordings_in_which_it_matters()
    {
        int count = TestSize.Of(60, full: 1000);
        await RecordAsync(count);
        // Rounds up: it matters for totals with a fraction, every third one.
        await SaveAsync(First.Replace("order.total * rate", "Math.ceil(order.total * rate)", StringComparison.Ordinal));

        CliResult result = await RehearseAsync("report@2", "--json");

        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        JsonElement rehearsal = JsonDocument.Parse(result.Output).RootElement;
        JsonElement[] runs = [.. rehearsal.GetProperty("runs").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, count).Reverse().Select((n) => (n % 3 == 0 ? "otherCalls" : "equal", $"run-{n}")),
            runs.Select((run) => (run.GetProperty("outcome").GetString()!, run.GetProperty("runId").GetString()!)));
        JsonElement difference = runs.First((run) => run.GetProperty("runId").GetString() == "run-3").GetProperty("difference");
        Assert.Equal(("tool call 3", "$.total", "31.5", "32"), (difference.GetProperty("place").GetString(), difference.GetProperty("path").GetString(),
            difference.GetProperty("recordedPart").GetString(), difference.GetProperty("replayedPart").GetString()));
        CliResult text = await RehearseAsync("report@2", "--last", "6");
        Assert.Contains("  at $.total: expected ", text.Output, StringComparison.Ordinal);
        Assert.EndsWith("report@2 with 6 recordings: 4 equal, 2 with other calls\n", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_equal_version_is_activated()
    {
        await RecordAsync(5);
        await SaveAsync($"// A comment moves the lines.\nconsole.log('begins');\n{First}");

        CliResult result = await RehearseAsync("report@2", "--activate-if-equal");

        Assert.Equal((0, "report@2 with 5 recordings: 5 equal\nreport@2: active\n", ""), (result.ExitCode, result.Output, result.Error));
        Assert.StartsWith("report: version 2 is active", (await CliProcess.RunAsync("scripts", "list", "--store", Store)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_recordings_the_command_says_how_to_keep_them()
    {
        await SaveAsync(First);

        CliResult result = await RehearseAsync("report@1");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("enclave run --saved NAME --keep-recordings always --store FOLDER keeps them", result.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> RehearseAsync(string name, params string[] options) =>
        CliProcess.RunAsync(["scripts", "rehearse", name, "--store", Store, .. options]);

    private async Task SaveAsync(string code)
    {
        CliResult saved = await CliProcess.RunAsync("scripts", "save", "report", _folder.File("report.js", code), "--store", Store);
        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
    }

    private async Task RecordAsync(int count)
    {
        await SaveAsync(First);
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, _) => new(name switch
            {
                "order" => (object)new { currency = "CHF", total = args["id"].AsDouble() * 10 + (args["id"].AsDouble() % 3 == 0 ? 1.5 : 1) },
                "rate" => 1,
                _ => null,
            }),
            KeepRecordings = new KeepRecordings { Store = RecordingStore.InFolder(Store), Always = true },
        });
        var scripts = new SavedScripts(ScriptStore.InFolder(Store), enclave);
        for (int n = 0; n < count; n++)
        {
            ExecutionResult result = await scripts.RunSavedAsync("report@1", new { n }, new RunOptions { RunId = $"run-{n}" });
            Assert.True(result.Success, result.Error?.Message);
        }
    }
}
