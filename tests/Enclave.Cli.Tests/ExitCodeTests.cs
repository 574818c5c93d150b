using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>One exit code for each kind of end: docs/cli.md.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("throw new Error('boom')", "RUNTIME_ERROR: boom")]
    [InlineData("await callTool('nobody')", "TOOL_ERROR: no tool is named \"nobody\" (there are none)")]
    public async Task One_for_a_script_that_fails(string code, string message)
    {
        CliResult result = await CliProcess.RunScriptAsync(code);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "/nowhere/script.js")]
    [InlineData("run", "-", "--bogus")]
    [InlineData("run", "-", "--level", "lax")]
    [InlineData("run", "-", "--level", "2")]
    [InlineData("run", "-", "--timeout", "soon")]
    [InlineData("run", "-", "--timeout", "0")]
    [InlineData("run", "-", "--timeout", "25h")]
    [InlineData("run", "-", "--memory", "lots")]
    [InlineData("run", "-", "--memory", "1KB")]
    [InlineData("run", "-", "--max-tool-calls", "-1")]
    [InlineData("run", "-", "--max-iterations", "0")]
    [InlineData("run", "-", "--args", "{")]
    [InlineData("run", "-", "--args", "@/nowhere/args.json")]
    [InlineData("run", "-", "--tool", "nothing")]
    [InlineData("run", "-", "--tool", "a=true", "--tool", "a=true")]
    [InlineData("run", "-", "--tools", "/nowhere/tools.json")]
    [InlineData("run", "-", "--allow-degraded-isolation", "luck")]
    [InlineData("run", "-", "--workers", "2")]
    [InlineData("run", "-", "--batch", "-")]
    [InlineData("run", "--batch", "/nowhere/jobs.jsonl")]
    [InlineData("walk")]
    public async Task Two_for_wrong_usage(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("enclave: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TIMEOUT", "--timeout", "for(;;){}", "--timeout", "0.2")]
    [InlineData("TIMEOUT", "--timeout", "for(;;){}", "--timeout", "200ms")]
    [InlineData("MEMORY_LIMIT_EXCEEDED", "--memory", "const a = []; for(;;) a.push(new Array(1000).fill(1))", "--memory", "32")]
    [InlineData("MAX_TOOL_CALLS", "--max-tool-calls", "for(;;) await callTool('t')", "--max-tool-calls", "2", "--tool", "t=true")]
    [InlineData("OUTPUT_LIMIT", null, "for (let i = 0; i < 2000; i++) console.error(i)")]
    public async Task Three_for_a_limit(string code, string? option, string script, params string[] options)
    {
        CliResult result = await CliProcess.RunUnguardedAsync(script, options);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"{code}: ", result.Error, StringComparison.Ordinal);
        if (option is not null) Assert.Contains($"hint: {option} ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--timeout 1s", "await callTool('t')", "--timeout", "200ms", "--tool", "t=sleep 5")]
    [InlineData("--max-tool-calls 20", "for(;;) await callTool('t')", "--max-tool-calls", "2", "--tool", "t=true")]
    [InlineData("--max-iterations 1000", "let c = 0; for (let i = 0; i < 101; i++) c++; return c", "--max-iterations", "100")]
    [InlineData("--max-iterations 1000", "for (let k = 0; k < 100; k++) { let c = 0; for (let i = 0; i < 100; i++) c++; } return 1", "--max-iterations", "100")]
    [InlineData("--max-iterations 1000000000", "let c = 0; for (let i = 0; i < 3e8; i++) c++; return c", "--max-iterations", "200000000")]
    public async Task A_hint_is_more_than_the_limit_that_was_met(string advice, string script, params string[] options)
    {
        CliResult result = await CliProcess.RunScriptAsync(script, ["--no-check", .. options]);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"hint: {advice} ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_for_a_flood_of_messages()
    {
        using var folder = new TemporaryFolder();
        string tools = folder.File("tools.json", "{\"t\": 1}");

        CliResult result = await CliProcess.RunUnguardedAsync(
            "for(;;) await callTool('t')", "--tools", tools, "--max-tool-calls", "1000000", "--level", "strict", "--allow-degraded-isolation", "all");

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("MESSAGE_FLOOD: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Four_for_code_that_is_refused()
    {
        CliResult result = await CliProcess.RunScriptAsync("return 1 +");

        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("VALIDATION_ERROR: the script was refused: 1 error\nstdin:1:", result.Error, StringComparison.Ordinal);
        Assert.Contains(": error PARSE_ERROR: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_for_a_level_this_machine_cannot_give_and_the_way_out()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("return 1", ["run", "-", "--level", "strict"], CliProcess.WithoutBubblewrap(folder));

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("ISOLATION_UNAVAILABLE: STRICT needs what this machine does not give: Namespaces (bubblewrap is not installed: apt-get install",
            result.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-degraded-isolation", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_for_a_missing_engine()
    {
        CliResult result = await CliProcess.RunAsync("return 1", ["run", "-"], ("ENCLAVE_ENGINE", "/nowhere"));

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("enclave: ENCLAVE_ENGINE is /nowhere", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_for_a_worker_that_is_killed()
    {
        using var folder = new TemporaryFolder();
        await using CliProcess cli = CliProcess.Start(["run", folder.File("loop.js", "console.log('runs'); for(;;) await 0"), .. CliProcess.WithoutGuard]);
        Assert.Equal("runs", await cli.NextLineAsync("the script's start"));

        string[] children = [.. Directory.GetDirectories($"/proc/{cli.Pid}/task")
            .SelectMany((task) => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        CliProcess.Kill(int.Parse(Assert.Single(children)));

        CliResult result = await cli.EndAsync();
        Assert.Equal(5, result.ExitCode);
        Assert.StartsWith("WORKER_CRASHED: ", result.Error, StringComparison.Ordinal);
    }
}
