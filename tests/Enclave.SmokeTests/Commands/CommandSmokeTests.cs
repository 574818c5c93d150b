using System.Text.Json;
using Enclave.Tests;

namespace Enclave.SmokeTests.Commands;

/// <summary>The command line, as a shell sees it.</summary>
public sealed class CommandSmokeTests : IDisposable
{
    private const int Steps = 12, KillAfter = 5;

    private static readonly (string, string) s_key = ("ENCLAVE_JOURNAL_KEY", string.Concat(Enumerable.Repeat("5a", 32)));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_runs_with_a_tool_that_is_a_command()
    {
        string script = _folder.File(
            "hello.ts", "const said: { name: string } = await callTool('say', { name: 'Ada' }); console.log('line'); return said.name");

        CliResult result = await CliProcess.RunAsync("run", script, "--tool", "say=cat", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("Ada", JsonDocument.Parse(result.Output).RootElement.GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_limit_may_be_its_least_and_no_less()
    {
        string script = _folder.File("plain.js", "return 1");

        CliResult least = await CliProcess.RunAsync("run", script, "--max-tool-calls", "0"), less = await CliProcess.RunAsync("run", script, "--memory", "1");

        Assert.True(least.ExitCode == 0, least.Error);
        Assert.Contains("--memory", less.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, less.ExitCode);
    }

    [Fact]
    public async Task A_refused_script_does_not_run()
    {
        CliResult result = await CliProcess.RunScriptAsync("return eval('1')");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("NO_EVAL", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_durable_run_survives_kill_9()
    {
        string store = Path.Combine(_folder.Path, "store"), ledger = Path.Combine(_folder.Path, "ledger"), script = _folder.File("steps.js", $$"""
            const unknown = [];
            for (let i = 1; i <= {{Steps}}; i++) {
              try { await callTool('step', { i }) } catch (e) { if (e.code !== 'TOOL_OUTCOME_UNKNOWN') throw e; unknown.push(i) }
            }
            return unknown;
            """);
        // One write: a kill ends the tool's command as well, and half a line would be two calls in one.
        string[] tools = ["--tool", $"step=printf '%s\\n' \"$(cat)\" >> {ledger}", "--json"];

        await using (CliProcess first = CliProcess.Start(["run", script, "--durable", "steps", "--store", store, .. tools], s_key))
        {
            Task<CliResult> end = first.EndAsync();
            await Within.Becomes(() => Calls(ledger).Length >= KillAfter || end.IsCompleted, $"the run has made {KillAfter} calls");
            first.TrySignal(ProcessTable.Kill);
            await end;
        }

        CliResult resumed = await CliProcess.RunAsync("", ["runs", "resume", "steps", "--store", store, .. tools], s_key);

        Assert.True(resumed.ExitCode == 0, $"{resumed.ExitCode} {resumed.Output} {resumed.Error}");
        int[] unknown = [.. JsonDocument.Parse(resumed.Output).RootElement.GetProperty("value").EnumerateArray().Select((i) => i.GetInt32())];
        int[] calls = [.. Calls(ledger).Select((line) => JsonDocument.Parse(line).RootElement.GetProperty("i").GetInt32())];
        Assert.Equal(calls.Distinct(), calls);
        Assert.Equal(Enumerable.Range(1, Steps), calls.Union(unknown).Order());
    }

    [Fact]
    public async Task The_doctor_says_that_scripts_can_run()
    {
        CliResult result = await CliProcess.RunAsync("doctor");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("This machine runs jobs.", result.Output, StringComparison.Ordinal);
    }

    private static string[] Calls(string ledger) => File.Exists(ledger) ? [.. File.ReadAllLines(ledger).Where((line) => line.EndsWith('}'))] : [];
}
