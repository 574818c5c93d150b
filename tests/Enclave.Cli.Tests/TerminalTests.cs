using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>The output on a terminal.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task A_value_has_colours()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.OnTerminalAsync($"enclave run {folder.File("a.js", "return {k: [1, 'x', null]}")}");

        Assert.Contains("\e[34m\"k\"\e[0m: [", result.Output, StringComparison.Ordinal);
        Assert.Contains("\e[36m1\e[0m", result.Output, StringComparison.Ordinal);
        Assert.Contains("\e[35mnull\e[0m", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_color_is_honoured()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.OnTerminalAsync($"enclave run {folder.File("a.js", "console.error('e'); return {k: 1}")}", ("NO_COLOR", "1"));

        Assert.Contains("e\n{\n  \"k\": 1\n}\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_cannot_steer_the_terminal()
    {
        using var folder = new TemporaryFolder();
        string script = folder.File("a.js", "console.log('\\x1b[2J\\x9b2J\\rlog'); throw new Error('\\x1b]0;title\\x07')");

        CliResult result = await CliProcess.OnTerminalAsync($"enclave run {script}");

        Assert.Contains("\\u001b[2J\\u009b2J\\u000dlog", result.Output, StringComparison.Ordinal);
        Assert.Contains("\\u001b]0;title\\u0007", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_shows_a_bar_on_standard_error_only()
    {
        using var folder = new TemporaryFolder();
        string results = Path.Combine(folder.Path, "results.jsonl");

        await using CliProcess cli = CliProcess.StartOnTerminal($"enclave run --batch - > {results}");
        while (!(await cli.NextLineAsync("a bar")).Contains('%', StringComparison.Ordinal))
        {
        }

        await cli.WriteAsync(string.Concat(Enumerable.Range(0, 50).Select((id) => $"{{\"id\": {id}, \"code\": \"return 1\"}}\n")));
        cli.EndInput();
        CliResult result = await cli.EndAsync();

        Assert.Contains("50 jobs, 50 ok, 0 failed, ", result.Output, StringComparison.Ordinal);
        Assert.All(File.ReadAllLines(results), (line) => Assert.StartsWith("{\"id\":", line, StringComparison.Ordinal));
    }
}
