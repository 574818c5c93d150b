using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>A parent that ignores or blocks the signal at the end of a child: its programs inherit that.</summary>
public sealed class SignalTests
{
    public static TheoryData<string> Signals => ["--ignore-signal=CHLD", "--block-signal=CHLD"];

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_command_behind_a_tool_answers(string signals)
    {
        await using CliProcess cli = CliProcess.StartWithSignals(signals, "run", "-", "--tool", "seven=echo 7");
        await cli.WriteAsync("return await callTool('seven', {})");
        cli.EndInput();
        CliResult result = await cli.EndAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("7", result.Output.Trim());
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Doctor_ends(string signals)
    {
        await using CliProcess cli = CliProcess.StartWithSignals(signals, "doctor");
        CliResult result = await cli.EndAsync();

        Assert.Equal(0, result.ExitCode);
    }
}
