using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>The fields of a line of <c>enclave run --batch</c>.</summary>
public sealed class BatchFieldTests
{
    [Fact]
    public async Task A_job_may_be_judged_and_not_run()
    {
        Dictionary<string, JsonElement> results = await BatchAsync(
            """
            {"id": "valid", "op": "validate", "code": "return args.a", "globals": {"args": 1}}
            {"id": "refused", "op": "validate", "code": "while (true) {}"}
            {"id": "preset", "op": "validate", "level": "preset:standard", "code": "function f() {} return f"}
            {"id": "strict", "op": "validate", "level": "preset:strict", "code": "while (true) {}", "options": {"parse": {"ecmaVersion": "latest", "sourceType": "module"}}}
            {"id": "level", "op": "validate", "level": "STRICT", "code": "return /a/"}
            {"id": "typed", "op": "validate", "code": "const a: number = 1; return a"}
            {"id": "untyped", "op": "validate", "code": "const a: number = 1; return a", "language": "javascript"}
            """);

        Assert.True(Succeeded(results["valid"]));
        Assert.False(results["valid"].TryGetProperty("value", out _));
        Assert.Equal("FORBIDDEN_LOOP", Issue(results["refused"]));
        Assert.True(Succeeded(results["preset"]));
        Assert.False(Succeeded(results["strict"]));
        Assert.False(Succeeded(results["level"]));
        Assert.True(Succeeded(results["typed"]));
        Assert.Equal("PARSE_ERROR", Issue(results["untyped"]));
    }

    [Fact]
    public async Task A_job_that_runs_may_say_its_language()
    {
        Dictionary<string, JsonElement> results = await BatchAsync(
            """
            {"id": "default", "op": "run", "code": "const a: number = 1; return a"}
            {"id": "either", "op": "run", "code": "const a: number = 2; return a", "language": "either"}
            {"id": "typed", "op": "run", "code": "const f = (x) => x; const T = 2; return f<T>(3)", "language": "typescript"}
            {"id": "untyped", "op": "run", "code": "const f = (x) => x; const T = 2; return f<T>(3)", "options": {"language": "javascript"}}
            {"id": "refused", "op": "run", "code": "const a: number = 1; return a", "language": "javascript"}
            """);

        Assert.Equal([1, 2, 3], ((string[])["default", "either", "typed"]).Select((id) => results[id].GetProperty("value").GetInt32()));
        Assert.False(results["untyped"].GetProperty("value").GetBoolean());
        Assert.Equal("VALIDATION_ERROR", Code(results["refused"]));
    }

    [Fact]
    public async Task Options_stand_in_the_line_or_in_its_options()
    {
        Dictionary<string, JsonElement> results = await BatchAsync(
            """
            {"id": "validate", "code": "let n = 0; while (n < 3) n++; return n", "options": {"validate": false}}
            {"id": "preset", "code": "let n = 0; while (n < 3) n++; return n", "preset": "permissive"}
            {"id": "iterations", "code": "for (let i = 0; i < 9; i++) {}", "options": {"maxIterations": 5}}
            {"id": "lines", "code": "for (let i = 0; i < 9; i++) console.log(i)", "options": {"maxConsoleCalls": 3}}
            {"id": "bytes", "code": "console.log('123456789')", "maxConsoleOutputBytes": 4}
            {"id": "both", "code": "for (let i = 0; i < 9; i++) {} return 1", "maxIterations": 20, "options": {"maxIterations": 5}}
            {"id": "globals", "code": "return limit", "options": {"globals": {"limit": 7}, "timeout": "2s", "memoryLimit": "32MB", "maxToolCalls": 0, "level": "secure"}}
            """,
            "--allow-degraded-isolation", "all");

        Assert.Equal(3, results["validate"].GetProperty("value").GetInt32());
        Assert.Equal(3, results["preset"].GetProperty("value").GetInt32());
        Assert.Equal("MAX_ITERATIONS", Code(results["iterations"]));
        Assert.Equal("OUTPUT_LIMIT", Code(results["lines"]));
        Assert.Equal("0\n1\n2\n", results["lines"].GetProperty("stdout").GetString());
        Assert.Equal("OUTPUT_LIMIT", Code(results["bytes"]));
        Assert.Equal(1, results["both"].GetProperty("value").GetInt32());
        Assert.Equal(7, results["globals"].GetProperty("value").GetInt32());
    }

    [Theory]
    [InlineData("\"options\": {\"doubleVm\": {}}", "line 1: option doubleVm is unknown; the options are level, preset, ")]
    [InlineData("\"options\": 5", "line 1: options must be an object")]
    [InlineData("\"op\": \"score\"", "line 1: op is \"score\"; it takes run or validate")]
    [InlineData("\"level\": \"preset:lax\"", "line 1: preset is \"preset:lax\"; it takes agentscript, ")]
    [InlineData("\"preset\": 1", "line 1: preset is 1; it takes agentscript, ")]
    [InlineData("\"validate\": \"no\"", "line 1: validate is \"no\"; it takes true or false")]
    [InlineData("\"maxConsoleCalls\": -1", "line 1: MaxConsoleCalls is -1; its range is 0 to ")]
    [InlineData("\"parse\": {\"sourceType\": \"commonjs\"}", "line 1: parse.sourceType is \"commonjs\"; parse takes ")]
    public async Task An_unknown_member_or_value_is_an_error_of_its_line(string member, string message)
    {
        JsonElement result = (await BatchAsync($"{{\"id\": \"x\", \"code\": \"return 1\", {member}}}"))["x"];

        Assert.Equal("VALIDATION_ERROR", Code(result));
        Assert.StartsWith(message, result.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, JsonElement>> BatchAsync(string jobs, params string[] options)
    {
        CliResult result = await CliProcess.RunAsync(jobs, ["run", "--batch", "-", .. options]);
        Assert.Equal(0, result.ExitCode);
        return result.Lines.Select((line) => JsonDocument.Parse(line).RootElement).ToDictionary((line) => line.GetProperty("id").GetString()!);
    }

    private static bool Succeeded(JsonElement result) => result.GetProperty("success").GetBoolean();

    private static string? Code(JsonElement result) => result.GetProperty("error").GetProperty("code").GetString();

    private static string? Issue(JsonElement result) =>
        result.GetProperty("error").GetProperty("data").GetProperty("issues")[0].GetProperty("code").GetString();
}
