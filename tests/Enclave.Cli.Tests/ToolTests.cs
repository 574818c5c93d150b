using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--tool</c> and <c>--tools</c>.</summary>
public sealed class ToolTests
{
    [Theory]
    [InlineData("echo=cat", "return (await callTool('echo', {deep: [1]})).deep[0]", "1\n")]
    [InlineData("t=echo plain text", "return await callTool('t')", "plain text\n")]
    [InlineData("t=printf 12", "return await callTool('t') + 1", "13\n")]
    [InlineData("t=printf 'a=b=c'", "return await callTool('t')", "a=b=c\n")]
    [InlineData("t=true", "return typeof await callTool('t')", "string\n")]
    [InlineData("t=echo noise >&2; echo '{\"a\": 1}'", "return (await callTool('t')).a", "1\n")]
    public async Task A_command_answers_json_or_text(string tool, string code, string output)
    {
        CliResult result = await CliProcess.RunScriptAsync(code, "--tool", tool);

        Assert.Equal((0, output), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("t=echo broken >&2; exit 3", "TOOL_ERROR: broken\n")]
    [InlineData("t=exit 7", "TOOL_ERROR: the command ended with exit code 7 and no error message\n")]
    public async Task A_command_that_fails_is_a_tool_error(string tool, string message)
    {
        CliResult result = await CliProcess.RunScriptAsync("await callTool('t')", "--tool", tool);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_complaint_is_cut_at_500_characters_and_can_be_caught()
    {
        CliResult result = await CliProcess.RunScriptAsync(
            "try { await callTool('t') } catch (e) { return e.message.length }", "--tool", "t=printf '%2000d' 1 | tr ' ' x >&2; exit 1");

        Assert.Equal((0, "500\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Many_commands_run_at_once_with_more_input_than_a_pipe_holds()
    {
        CliResult result = await CliProcess.RunScriptAsync(
            "const text = 'x'.repeat(100000).repeat(2); const all = await Promise.all([1, 2, 3].map((n) => callTool('echo', {n, text}))); return all.map((a) " +
            "=> a.n + a.text.length)",
            "--tool", "echo=cat");

        Assert.Equal("[\n  200001,\n  200002,\n  200003\n]\n", result.Output);
    }

    [Fact]
    public async Task A_command_gets_no_variable_of_the_host_but_the_usual_ones_and_those_that_are_named()
    {
        (string, string)[] variables =
        [
            ("ENCLAVE_SECRET_KEY", "s3cret"), ("AWS_SECRET_ACCESS_KEY", "s3cret"),
            ("LD_PRELOAD", ""), ("BASH_ENV", "/dev/null"), ("TZ", "Asia/Tokyo"), ("LANG", "C.UTF-8"), ("SHOP_URL", "https://shop.example"), ("EMPTY", ""),
        ];

        CliResult result = await CliProcess.RunAsync(
            "return await callTool('env')", ["run", "-", "--tool", "env=env", "--tool-env", "SHOP_URL", "--tool-env", "EMPTY"], variables);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] given = [.. result.Lines.Select((line) => line.Split('=')[0])];
        // The shell sets some variables of its own.
        Assert.Empty(given.Except(["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SHOP_URL", "EMPTY", "PWD", "OLDPWD", "SHLVL", "_"]));
        Assert.Contains("SHOP_URL=https://shop.example", result.Lines);
        Assert.Contains("TZ=Asia/Tokyo", result.Lines);
        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOT_THERE_AT_ALL", "--tool-env names NOT_THERE_AT_ALL, which is not set")]
    [InlineData("A=b", "--tool-env takes the NAME of a variable")]
    public async Task A_variable_that_cannot_be_given_is_told(string variable, string words)
    {
        CliResult result = await CliProcess.RunScriptAsync("return 1", "--tool-env", variable);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_ends_with_the_run()
    {
        using var folder = new TemporaryFolder();
        var pipe = new HeldPipe(folder);

        Task<CliResult> run = CliProcess.RunScriptAsync("await callTool('t')", "--tool", "t=" + pipe.Command, "--timeout", "2s");
        await pipe.HeldAsync();

        Assert.Equal(3, (await run).ExitCode);
        await pipe.ReleasedAsync();
    }

    [Fact]
    public async Task A_file_gives_fixed_answers()
    {
        using var folder = new TemporaryFolder();
        string tools = folder.File("tools.json", "{\"weather\": {\"celsius\": 21}, \"nothing\": null}");

        CliResult result = await CliProcess.RunScriptAsync(
            "return [(await callTool('weather', {city: 'Bern'})).celsius, await callTool('nothing')]", "--tools", tools);

        Assert.Equal("[\n  21,\n  null\n]\n", result.Output);
    }

    [Fact]
    public async Task An_unknown_tool_is_told_with_those_there_are()
    {
        CliResult result = await CliProcess.RunScriptAsync("await callTool('c')", "--tool", "a=true", "--tool", "b=true");

        Assert.StartsWith("TOOL_ERROR: no tool is named \"c\" (there are: a, b).", result.Error, StringComparison.Ordinal);
    }
}
