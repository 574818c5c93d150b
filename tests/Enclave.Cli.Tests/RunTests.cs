using System.Text;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run</c>: output, errors and console.</summary>
public sealed class RunTests
{
    [Theory]
    [InlineData("return 'two\\nlines'", "two\nlines\n")]
    [InlineData("return 'ended\\n'", "ended\n")]
    [InlineData("return 6 * 7", "42\n")]
    [InlineData("return null", "null\n")]
    [InlineData("return", "")]
    [InlineData("return {a: [1, 'é'], b: undefined}", "{\n  \"a\": [\n    1,\n    \"é\"\n  ]\n}\n")]
    public async Task The_value_is_on_standard_output(string code, string output)
    {
        CliResult result = await CliProcess.RunScriptAsync(code);

        Assert.Equal((0, output, ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_file_runs_under_its_own_name()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("run", folder.File("broken.js", "\n  throw new TypeError('boom')"));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("RUNTIME_ERROR: TypeError: boom\n    at broken.js:2:", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_no_level_accepts_is_not_read_to_its_end()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("endless.js", "");
        using (FileStream written = File.OpenWrite(file)) written.SetLength(101 << 20);

        CliResult result = await CliProcess.RunAsync("run", file);

        Assert.Equal((ExitCode.Usage, $"enclave: {file} has more than 104857600 bytes, which no level accepts.\n"), (result.ExitCode, result.Error));
        result = await CliProcess.RunScriptAsync("return 1", "--args", $"@{file}");
        Assert.Equal((ExitCode.Usage, $"enclave: --args: {file} has more than 104857600 bytes.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task A_file_is_read_as_utf8_by_every_command(string command)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("wide.js", "");
        await File.WriteAllTextAsync(file, "return 1", Encoding.Unicode, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Refused, (await CliProcess.RunAsync(command, file)).ExitCode);
    }

    [Fact]
    public async Task A_typed_file_runs_and_its_errors_have_the_authors_places()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync(
            "run", folder.File("broken.ts", "type A = { b: string };\nconst a: A = { b: 'boom' };\nthrow new TypeError(a.b as string)"));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("RUNTIME_ERROR: TypeError: boom\n    at broken.ts:3:", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("either", 0)]
    [InlineData("typescript", 0)]
    [InlineData("javascript", 4)]
    public async Task The_language_can_be_said(string language, int exitCode) =>
        Assert.Equal(exitCode, (await CliProcess.RunScriptAsync("const a: number = 1; return a", "--language", language)).ExitCode);

    [Fact]
    public async Task The_console_goes_to_output_and_complaints_to_error()
    {
        CliResult result = await CliProcess.RunScriptAsync("console.log('l'); console.info('i'); console.debug('d'); console.warn('w'); console.error('e')");

        Assert.Equal("l\ni\nd\n", result.Output);
        Assert.Equal("w\ne\n", result.Error);
    }

    [Fact]
    public async Task Console_lines_come_while_the_script_runs()
    {
        using var folder = new TemporaryFolder();
        string gate = Path.Combine(folder.Path, "gate");
        await using CliProcess cli = CliProcess.Start(
            ["run", folder.File("wait.js", "console.log('before'); await callTool('gate'); console.log('after')"),
                "--tool", $"gate=until [ -e {gate} ]; do sleep 0.02; done"]);

        // The script cannot end before the test has seen its first line.
        Assert.Equal("before", await cli.NextLineAsync("the first console line"));
        File.WriteAllText(gate, "");

        CliResult result = await cli.EndAsync();
        Assert.Equal((0, "before\nafter\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Json_is_the_whole_result_and_alone_on_output()
    {
        CliResult result = await CliProcess.RunScriptAsync("console.log('said'); return {n: 1}", "--json");

        Assert.Equal((0, "said\n"), (result.ExitCode, result.Error));
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        Assert.True(json.GetProperty("success").GetBoolean());
        Assert.Equal(1, json.GetProperty("value").GetProperty("n").GetInt32());
        Assert.Equal("said\n", json.GetProperty("stdout").GetString());
        Assert.True(json.GetProperty("stats").GetProperty("durationMs").GetDouble() > 0);
        Assert.Matches("^(bubblewrap|landlock|process)( -[A-Za-z]+)*$", json.GetProperty("stats").GetProperty("isolation").GetString());
        Assert.False(json.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Json_tells_a_failure_too()
    {
        CliResult result = await CliProcess.RunUnguardedAsync("for(;;){}", "--json", "--timeout", "200ms");

        Assert.Equal(3, result.ExitCode);
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        Assert.False(json.GetProperty("success").GetBoolean());
        Assert.False(json.TryGetProperty("value", out _));
        Assert.Equal("TIMEOUT", json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(200, json.GetProperty("error").GetProperty("data").GetProperty("limitMs").GetDouble());
    }

    [Fact]
    public async Task Verbose_errors_show_every_line_of_the_stack()
    {
        const string Code = "const inner = () => null.x; const outer = () => inner() + 1; outer()";

        CliResult brief = await CliProcess.RunScriptAsync(Code);
        CliResult verbose = await CliProcess.RunScriptAsync(Code, "--verbose-errors");

        Assert.Contains("at inner", brief.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("at outer", brief.Error, StringComparison.Ordinal);
        Assert.Contains("at outer", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Args_come_from_the_command_line_or_a_file()
    {
        using var folder = new TemporaryFolder();

        CliResult inline = await CliProcess.RunScriptAsync("return args.n + 1", "--args", "{\"n\": 41}");
        CliResult file = await CliProcess.RunScriptAsync("return args.length", "--args", "@" + folder.File("args.json", "[1, 2, 3]"));

        Assert.Equal("42\n", inline.Output);
        Assert.Equal("3\n", file.Output);
    }

    [Theory]
    [InlineData("strict")]
    [InlineData("SECURE")]
    [InlineData("standard")]
    [InlineData("permissive")]
    public async Task Every_level_runs(string level)
    {
        CliResult result = await CliProcess.RunScriptAsync("return 'ran'", "--level", level, "--allow-degraded-isolation", "all");

        Assert.Equal((0, "ran\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Layers_can_be_named_one_by_one()
    {
        using var folder = new TemporaryFolder();
        (string, string) poor = CliProcess.WithoutBubblewrap(folder);

        CliResult wrong = await CliProcess.RunAsync("return 1", ["run", "-", "--level", "strict", "--allow-degraded-isolation", "seccomp,file-system"], poor);
        CliResult right = await CliProcess.RunAsync(
            "return 1", ["run", "-", "--level", "strict", "--allow-degraded-isolation", "namespaces,dropped-user"], poor);

        Assert.Equal(5, wrong.ExitCode);
        Assert.Contains("Namespaces (", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((0, "1\n"), (right.ExitCode, right.Output));
    }

    [Fact]
    public async Task More_memory_than_the_level_gives_a_worker_can_be_asked_for()
    {
        const string Code = "const a = new Array(20e6).fill(1.5); return a.length";

        CliResult little = await CliProcess.RunUnguardedAsync(Code);
        CliResult much = await CliProcess.RunUnguardedAsync(Code, "--memory", "1GB");

        Assert.Equal(3, little.ExitCode);
        Assert.StartsWith("MEMORY_LIMIT_EXCEEDED: ", little.Error, StringComparison.Ordinal);
        Assert.Equal((0, "20000000\n"), (much.ExitCode, much.Output));
    }
}
