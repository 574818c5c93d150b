using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--engine portable</c>.</summary>
public sealed class EngineTests : IDisposable
{
    private const string Code = "console.log('dice', Math.random()); const r = await callTool('date', { zone: 'UTC' }); return { r, at: new Date() }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recording_of_one_engine_replays_on_the_other()
    {
        string script = _folder.File("dice.js", Code), file = Path.Combine(_folder.Path, "recording.json");
        await CliProcess.RunAsync("run", script, "--tool", "date=date +%s%N", "--record", file);

        CliResult result = await CliProcess.RunAsync("replay", file, "--engine", "portable");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("the same: 1 tool call, 1 line of console, the value {", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: the recording was made with V8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_run_name_the_engine_and_higher_levels_refuse()
    {
        string script = _folder.File("sum.js", "return 1 + 1");

        CliResult run = await CliProcess.RunAsync("run", script, "--engine", "portable", "--json");
        CliResult secure = await CliProcess.RunAsync("run", script, "--engine", "portable", "--level", "secure", "--allow-degraded-isolation", "all");
        CliResult other = await CliProcess.RunAsync("run", script, "--engine", "quickjs");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.StartsWith("portable ", json.RootElement.GetProperty("stats").GetProperty("isolation").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("ISOLATION_UNAVAILABLE: SECURE needs the native engine", secure.Error, StringComparison.Ordinal);
        Assert.Contains("--engine is \"quickjs\"; it takes native or portable.", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_says_what_the_engine_lacks()
    {
        CliResult text = await CliProcess.RunAsync("doctor", "--engine", "portable");
        CliResult levels = await CliProcess.RunAsync("doctor", "--isolation", "--engine", "portable");

        Assert.Equal((0, 0), (text.ExitCode, levels.ExitCode));
        Assert.Matches("(?m)^--  engine +portable, ClearScript 7[0-9.]+ \\(.*\\): STANDARD and PERMISSIVE, without a jail", text.Output);
        Assert.Matches("(?m)^ok  worker +starts", text.Output);
        Assert.Contains("STRICT cannot run scripts: STRICT needs the native engine", levels.Output, StringComparison.Ordinal);
        Assert.Contains("STANDARD runs scripts (portable -HardenedProcess", levels.Output, StringComparison.Ordinal);
        Assert.Contains("engine: portable, ClearScript 7.", levels.Output, StringComparison.Ordinal);
    }
}
