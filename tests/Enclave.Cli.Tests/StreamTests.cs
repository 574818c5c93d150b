using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run --stream</c>.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Events_are_json_lines_and_the_last_one_is_the_result()
    {
        CliResult result = await CliProcess.RunScriptAsync(
            "console.log('a\\nb'); const n = await callTool('n'); return n + 1", "--stream", "--tool", "n=echo 41");

        JsonElement[] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonDocument.Parse(line).RootElement)];
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["started", "console", "tool_call", "tool_result", "finished"], lines.Select((line) => line.GetProperty("type").GetString()));
        Assert.Equal([1, 2, 3, 4, 5], lines.Select((line) => line.GetProperty("seq").GetInt32()));
        Assert.Equal("a\nb", lines[1].GetProperty("text").GetString());
        Assert.Equal(("c_1", "n", "{}"),
            (lines[2].GetProperty("callId").GetString(), lines[2].GetProperty("name").GetString(), lines[2].GetProperty("args").GetRawText()));
        Assert.Equal(41, lines[3].GetProperty("value").GetInt32());
        Assert.Equal((true, 42), (lines[4].GetProperty("success").GetBoolean(), lines[4].GetProperty("value").GetInt32()));
        Assert.All(lines, (line) => Assert.True(line.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task Lines_come_while_the_script_runs()
    {
        using var folder = new TemporaryFolder();
        string gate = Path.Combine(folder.Path, "gate");
        await using CliProcess cli = CliProcess.Start(
            ["run", folder.File("wait.js", "await callTool('gate')"), "--stream", "--tool", $"gate=until [ -e {gate} ]; do sleep 0.02; done"]);

        // The script cannot end before the test has seen its call.
        Assert.Contains("\"started\"", await cli.NextLineAsync("the first event"), StringComparison.Ordinal);
        Assert.Contains("\"tool_call\"", await cli.NextLineAsync("the tool call"), StringComparison.Ordinal);
        File.WriteAllText(gate, "");

        CliResult result = await cli.EndAsync();
        Assert.Equal((0, 4), (result.ExitCode, result.Output.Count((c) => c == '\n')));
    }

    [Theory]
    [InlineData("eval('1')", 4)]
    [InlineData("throw new Error('no')", 1)]
    [InlineData("await callTool('missing')", 1)]
    public async Task The_exit_code_is_that_of_the_result(string code, int exit)
    {
        CliResult result = await CliProcess.RunScriptAsync(code, "--stream");

        Assert.Equal((exit, ""), (result.ExitCode, result.Error));
        Assert.Contains("\"type\":\"finished\",\"success\":false", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run - --stream --json", "give --stream or --json, not both")]
    [InlineData("run --batch - --stream", "--stream is for a single script")]
    public async Task It_goes_with_one_script_and_without_json(string arguments, string complaint)
    {
        CliResult result = await CliProcess.RunAsync(arguments.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(complaint, result.Error, StringComparison.Ordinal);
    }
}
