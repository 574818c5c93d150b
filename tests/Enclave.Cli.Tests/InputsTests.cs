using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run FILE --inputs FILE.jsonl</c>.</summary>
public sealed class InputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_line_has_its_answer_in_order()
    {
        string script = Write("price.js", "if (input.total < 0) throw new RangeError('below zero'); return input.total * args.rate");
        string lines = string.Concat(Enumerable.Range(0, 3000).Select((i) => $"{{\"total\": {(i == 1500 ? -1 : i)}}}\n"));

        CliResult result = await CliProcess.RunAsync(["run", script, "--inputs", Write("orders.jsonl", lines), "--args", "{\"rate\": 2}"]);

        Assert.Equal(0, result.ExitCode);
        JsonElement[] answers = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Enumerable.Range(1, 3000), answers.Select((answer) => answer.GetProperty("line").GetInt32()));
        Assert.Equal("RUNTIME_ERROR", answers[1500].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(5998, answers[2999].GetProperty("value").GetInt32());
        Assert.Matches("^3000 inputs, 2999 ok, 1 failed, [0-9.]+/s\n$", result.Error);
    }

    [Fact]
    public async Task A_line_that_is_not_JSON_has_an_error_and_the_rest_have_answers()
    {
        CliResult result = await CliProcess.RunAsync(
            ["run", Write("s.js", "return input"), "--inputs", Write("in.jsonl", "1\n{oops\n\n[2]\nnull"), "--fail-on-error"]);

        Assert.Equal(ExitCode.ScriptFailed, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("{\"line\":1,\"success\":true,\"value\":1}", lines[0]);
        Assert.Contains("\"line\":2,\"success\":false,\"error\":{\"code\":\"VALIDATION_ERROR\"", lines[1], StringComparison.Ordinal);
        Assert.Equal("{\"line\":4,\"success\":true,\"value\":[2]}", lines[2]);
        Assert.Equal("{\"line\":5,\"success\":true,\"value\":null}", lines[3]);
    }

    [Fact]
    public async Task An_answer_comes_before_the_next_line()
    {
        await using CliProcess cli = CliProcess.Start(["run", Write("s.js", "return input + 1"), "--inputs", "-"]);
        for (int i = 0; i < 3; i++)
        {
            await cli.WriteAsync($"{i}\n");
            Assert.Equal($"{{\"line\":{i + 1},\"success\":true,\"value\":{i + 1}}}", await cli.NextLineAsync("the answer"));
        }

        cli.Signal(2);
        Assert.Equal(130, (await cli.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--stream")]
    [InlineData("--durable", "x")]
    [InlineData("--record", "x")]
    [InlineData("--from-model")]
    public async Task Options_of_one_run_are_refused(params string[] options)
    {
        CliResult result = await CliProcess.RunAsync(["run", Write("s.js", "return 1"), "--inputs", Write("in.jsonl", "1"), .. options]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("--inputs", result.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text) => _folder.File(name, text);
}
