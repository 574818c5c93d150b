using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Ctrl-C, and the signals like it.</summary>
public sealed class InterruptTests
{
    private const int Hangup = 1, Interrupt = 2, Kill = 9, Terminate = 15;

    [Theory]
    [InlineData(Interrupt, 130)]
    [InlineData(Terminate, 143)]
    [InlineData(Hangup, 129)]
    public async Task A_signal_ends_a_running_script(int signal, int exitCode)
    {
        Assert.SkipWhen(signal == Hangup && IgnoresHangup(), "this process was started by nohup, whose children ignore the signal");
        using var folder = new TemporaryFolder();
        await using CliProcess cli = CliProcess.Start(["run", folder.File("loop.js", "console.log('runs'); for(;;) await 0"), .. CliProcess.WithoutGuard]);
        await cli.NextLineAsync("the script's start");

        cli.Signal(signal);

        CliResult result = await cli.EndAsync();
        Assert.Equal((exitCode, "enclave: interrupted\n"), (result.ExitCode, result.Error));
    }

    private static bool IgnoresHangup()
    {
        string mask = File.ReadLines("/proc/self/status").First((line) => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) & 1) != 0;
    }

    [Theory]
    [InlineData(Interrupt, 130)]
    [InlineData(Kill, 137)]
    public async Task A_signal_ends_what_a_tool_started(int signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var pipe = new HeldPipe(folder);
        await using CliProcess cli = CliProcess.Start(["run", folder.File("call.js", "await callTool('t')"), "--tool", "t=" + pipe.Command]);
        await pipe.HeldAsync();

        cli.Signal(signal);

        Assert.Equal(exitCode, (await cli.EndAsync()).ExitCode);
        await pipe.ReleasedAsync();
    }

    [Fact]
    public async Task A_signal_ends_the_wait_for_more_jobs()
    {
        await using CliProcess cli = CliProcess.Start(["run", "--batch", "-"]);
        await cli.WriteAsync("{\"id\": \"first\", \"code\": \"return 1\"}\n");
        Assert.StartsWith("{\"id\":\"first\",\"success\":true", await cli.NextLineAsync("the first result"), StringComparison.Ordinal);

        cli.Signal(Interrupt);

        CliResult result = await cli.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.StartsWith("enclave: interrupted\n1 jobs, 1 ok, 0 failed, ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_interrupted_answers_what_it_began_and_starts_nothing_more()
    {
        using var folder = new TemporaryFolder();
        string jobs = string.Concat(Enumerable.Range(0, 50).Select((id) => $"{{\"id\": {id}, \"code\": \"for(;;) await 0\"}}\n"));
        await using CliProcess cli = CliProcess.Start([
            "run", "--batch", folder.File("jobs.jsonl", "{\"id\": \"first\", \"code\": \"return 1\"}\n" + jobs), "--workers", "1", .. CliProcess.WithoutGuard]);
        await cli.NextLineAsync("the first result");

        cli.Signal(Interrupt);

        CliResult result = await cli.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.True(result.Lines.Length is >= 2 and <= 4, string.Join('\n', [.. result.Lines, result.Error]));
        Assert.All(result.Lines[1..], (line) => Assert.Contains("\"code\":\"CANCELLED\"", line, StringComparison.Ordinal));
        Assert.Contains($"{result.Lines.Length} jobs, 1 ok, ", result.Error, StringComparison.Ordinal);
    }
}
