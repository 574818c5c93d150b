using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>The limits of runs, the time of a tool call and the audit of <c>enclave mcp</c> and <c>enclave serve</c>.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServedLimitTests
{
    private const string Call = "return (await callTool('slow')) + 1";

    /// <summary>A script that STANDARD runs with the preset javascript only.</summary>
    private const string OtherPreset = "let i = 0; while (i < 20) i++; return i";

    [Fact]
    public async Task A_tool_of_mcp_that_takes_longer_than_the_run_may_says_which_limit_it_met()
    {
        string answer = (await RunCodeAsync(Call, "--tool", "slow=sleep 30; echo 41", "--timeout", "1s")).Replace(@"\u0027", "'", StringComparison.Ordinal);

        Assert.Contains("TIMEOUT: the run's time of 1 s ended while the tool slow was still working", answer, StringComparison.Ordinal);
        Assert.Contains("--timeout", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("split", answer, StringComparison.Ordinal);
    }

    /// <summary>STRICT gives a run 5 s.</summary>
    [Fact]
    public async Task A_tool_of_mcp_that_takes_longer_than_the_level_allows_runs_with_a_longer_time()
    {
        string answer = await RunCodeAsync(Call, "--tool", "slow=sleep 6; echo 41", "--level", "strict", "--timeout", "2m", "--tool-timeout", "90s");

        Assert.Contains("\"value\":42", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_mcp_has_a_time_of_its_own()
    {
        string answer = await RunCodeAsync(Call, "--tool", "slow=sleep 30; echo 41", "--tool-timeout", "500ms");

        Assert.Contains(
            "slow had not answered after 500 ms (its Timeout; --tool-timeout at the command line): ask it for less, or raise it", answer,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"value\":20", OtherPreset, "--preset", "javascript")]
    [InlineData("MAX_ITERATIONS", "let n = 0; for (let i = 0; i < 20; i++) n++; return n", "--max-iterations", "10")]
    [InlineData("MAX_TOOL_CALLS", "await callTool('n'); await callTool('n'); return 1", "--max-tool-calls", "1")]
    [InlineData("MEMORY_LIMIT_EXCEEDED: the script held more than 16 MB at once",
        "const all = []; for (let i = 0; i < 9000; i++) all.push(new Array(1000).fill(i)); return all.length", "--memory", "16MB")]
    public async Task A_limit_of_mcp_holds(string expected, string code, params string[] options)
    {
        Assert.Contains(expected, await RunCodeAsync(code, ["--tool", "n=echo 1", .. options]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mcp_writes_an_audit()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "audit.jsonl");

        await RunCodeAsync("return await callTool('n')", "--tool", "n=echo 1", "--audit", file);

        JsonElement[] records = [.. File.ReadLines(file).Select((line) => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["tool OK", "run OK"], records.Select((record) => $"{record.GetProperty("kind")} {record.GetProperty("outcome")}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Serve_has_the_same_limits_and_an_audit()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "audit.jsonl");
        string session;
        CliResult stopped;
        await using (Served served = await Served.Start("--tool", "slow=sleep 30; echo 41", "--tool", "n=echo 1", "--preset", "javascript", "--timeout", "20s",
            "--tool-timeout", "2s", "--max-tool-calls", "60", "--max-iterations", "100", "--memory", "16MB", "--audit", file))
        {
            Assert.Contains("\"result\":20", await Posted(served, OtherPreset), StringComparison.Ordinal);
            Assert.Contains("TOOL_TIMEOUT", await Posted(served, Call), StringComparison.Ordinal);
            Assert.Contains(
                "\"result\":60", await Posted(served, "let n = 0; for (let i = 0; i < 60; i++) n += await callTool('n'); return n"), StringComparison.Ordinal);
            Assert.Contains("MAX_ITERATIONS", await Posted(served, "let n = 0; for (let i = 0; i < 101; i++) n++; return n"), StringComparison.Ordinal);
            string failed = await Posted(served, "throw new Error('x')");
            session = JsonDocument.Parse(failed.Split('\n')[0]).RootElement.GetProperty("sessionId").GetString()!;
            Assert.Contains("RUNTIME_ERROR", failed, StringComparison.Ordinal);
            stopped = await served.StopAsync();
        }

        // The session's name is the id of its run, in the audit and in the log.
        JsonElement[] records = [.. File.ReadLines(file).Select((line) => JsonDocument.Parse(line).RootElement)];
        JsonElement record = Assert.Single(records, (record) => record.GetProperty("runId").GetString() == session);
        Assert.Equal("RUNTIME_ERROR", record.GetProperty("outcome").GetString());
        Assert.Contains($"Run {session} failed: RUNTIME_ERROR", stopped.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--timeout is \"0\"; it takes", "--timeout", "0")]
    [InlineData("from 1ms to 24h", "--tool-timeout", "2d")]
    [InlineData("--memory is \"1MB\"; it takes", "--memory", "1MB")]
    [InlineData("--max-tool-calls is \"-1\"; it takes a whole number from 0 to 1000000", "--max-tool-calls", "-1")]
    [InlineData("--max-iterations is \"0\"; it takes a whole number from 1 to 1000000000", "--max-iterations", "0")]
    [InlineData("--preset is \"loose\"; it takes agentscript", "--preset", "loose")]
    [InlineData("--audit /no/such/folder/audit.jsonl cannot be written", "--audit", "/no/such/folder/audit.jsonl")]
    [InlineData("--tool-timeout is 60s, and a run ends after 30s (the default of STANDARD): set --timeout to 60s or more, or lower --tool-timeout.",
        "--tool-timeout", "60")]
    [InlineData("--tool-timeout is 60s, and a run ends after 45s (--timeout)", "--tool-timeout", "60", "--timeout", "45")]
    public async Task A_wrong_value_is_refused_with_the_way_out(string why, params string[] options)
    {
        foreach (string command in (string[])["mcp", "serve"])
        {
            CliResult result = await CliProcess.RunAsync([command, .. options]);

            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(why, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--preset", "javascript")]
    [InlineData("--memory", "32MB")]
    [InlineData("--max-iterations", "5")]
    [InlineData("--audit", "/dev/null")]
    [InlineData("--store", "/nowhere", "leave it out")]
    public async Task Over_runtimes_an_option_of_the_workers_is_refused(string option, string value, string? remedy = null)
    {
        CliResult result = await CliProcess.RunAsync("serve", "--runtime", "ws://127.0.0.1:1", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(remedy ?? $"give {option} to enclave runtime instead", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mcp")]
    [InlineData("serve")]
    [InlineData("runtime")]
    [InlineData("run")]
    public async Task The_help_has_the_same_options(string command)
    {
        CliResult result = await CliProcess.RunAsync(command, "--help");

        foreach (string option in (string[])["--preset <NAME>", "--timeout <TIME>", "--memory <SIZE>", "--max-tool-calls <N>", "--max-iterations <N>"])
            Assert.Contains(option, result.Output, StringComparison.Ordinal);
        if (command != "run") Assert.Contains("--audit <FILE>", result.Output, StringComparison.Ordinal);
        if (command is "mcp" or "serve") Assert.Contains("--tool-timeout <TIME>", result.Output, StringComparison.Ordinal);
    }

    private static async Task<string> Posted(Served served, string code)
    {
        (HttpStatusCode status, string text) = await served.Post(code);
        Assert.Equal(HttpStatusCode.OK, status);
        return text;
    }

    /// <summary>The text that a client of <c>enclave mcp</c> gets for a script.</summary>
    private static async Task<string> RunCodeAsync(string code, params string[] options)
    {
        await using CliProcess cli = CliProcess.Start(["mcp", .. options]);
        await SendAsync(new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "initialize",
            @params = new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "test", version = "1" } },
        });
        await cli.NextLineAsync("the answer of initialize");
        await SendAsync(new { jsonrpc = "2.0", method = "notifications/initialized" });
        await SendAsync(new { jsonrpc = "2.0", id = 2, method = "tools/call", @params = new { name = "run_code", arguments = new { code } } });
        JsonElement answer;
        do answer = JsonDocument.Parse(await cli.NextLineAsync("the answer of run_code")).RootElement;
        while (!answer.TryGetProperty("id", out _));
        cli.EndInput();
        await cli.EndAsync();
        return answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;

        Task SendAsync(object message) => cli.WriteAsync(JsonSerializer.Serialize(message) + "\n");
    }
}
