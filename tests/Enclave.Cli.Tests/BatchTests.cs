using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run --batch</c>.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task Every_job_has_one_result_with_its_id()
    {
        string jobs = string.Concat(Enumerable.Range(1, 200).Select((id) => $"{{\"id\": {id}, \"code\": \"return {id} * 2\"}}\n"));

        CliResult result = await BatchAsync(jobs);

        Assert.Equal(0, result.ExitCode);
        Dictionary<int, int> values = Results(result).ToDictionary((line) => line.GetProperty("id").GetInt32(), (line) => line.GetProperty("value").GetInt32());
        Assert.Equal(Enumerable.Range(1, 200), values.Keys.Order());
        Assert.All(values, (pair) => Assert.Equal(pair.Key * 2, pair.Value));
        Assert.Matches("^200 jobs, 200 ok, 0 failed, [0-9.]+/s\n$", result.Error);
    }

    [Fact]
    public async Task Results_come_when_they_are_there_not_in_turn()
    {
        await using CliProcess cli = CliProcess.Start(["run", "--batch", "-", "--workers", "2", .. CliProcess.WithoutGuard]);
        await cli.WriteAsync("{\"id\": \"slow\", \"code\": \"for(;;) await 0\", \"timeout\": \"20s\"}\n{\"id\": \"quick\", \"code\": \"return 1\"}\n");

        // Standard input is still open, and the first job still runs.
        string first = await cli.NextLineAsync("the quick job's result");

        Assert.StartsWith("{\"id\":\"quick\",\"success\":true,\"value\":1,", first, StringComparison.Ordinal);
        cli.Signal(2);
        Assert.Equal(130, (await cli.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_job_has_its_own_limits_level_and_globals()
    {
        CliResult result = await BatchAsync(
            """
            {"id": "timeout", "code": "for(;;){}", "timeout": 200}
            {"id": "text", "code": "for(;;){}", "timeout": "0.2s"}
            {"id": "memory", "code": "const a = []; for(;;) a.push(new Array(1000).fill(1))", "memoryLimit": "32MB"}
            {"id": "calls", "code": "for(;;) await callTool('t')", "maxToolCalls": 1, "tools": {"t": {"returns": 1}}}
            {"id": "level", "code": "return typeof WeakRef", "level": "STRICT", "globals": {"extra": 1}}
            {"id": "globals", "code": "return args.a + extra", "globals": {"extra": 1}}

            {"id": "says", "code": "console.log('x')", "unknown": true}
            """,
            ["--args", "{\"a\": 1}", "--allow-degraded-isolation", "all", .. CliProcess.WithoutGuard]);

        Dictionary<string, JsonElement> results = Results(result).ToDictionary((line) => line.GetProperty("id").GetString()!);
        Assert.Equal(7, results.Count);
        Assert.Equal("TIMEOUT", Code(results["timeout"]));
        Assert.Equal("TIMEOUT", Code(results["text"]));
        Assert.Equal("MEMORY_LIMIT_EXCEEDED", Code(results["memory"]));
        Assert.Equal("MAX_TOOL_CALLS", Code(results["calls"]));
        Assert.Equal("undefined", results["level"].GetProperty("value").GetString());
        Assert.Equal(2, results["globals"].GetProperty("value").GetInt32());
        Assert.Equal("x\n", results["says"].GetProperty("stdout").GetString());
        Assert.Contains("7 jobs, 3 ok, 4 failed, ", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_line_that_is_no_job_is_a_result_with_its_number()
    {
        CliResult result = await BatchAsync(
            """
            not json
            {"id": "a"}
            {"code": "return 1"}
            {"id": "b", "code": "return 1", "level": "lax"}
            {"id": "c", "code": "return 1", "timeout": "soon"}
            {"id": "d", "code": "return 1", "memoryLimit": "900GB"}
            {"id": "e", "code": "return 1", "tools": 5}
            {"id": "f", "code": "return 1", "globals": {"console": 1}}
            [1]
            {"id": "g", "code": "return 1"}
            """);

        JsonElement[] lines = Results(result);
        Assert.Equal(10, lines.Length);
        JsonElement[] bad = [.. lines.Where((line) => !line.GetProperty("success").GetBoolean())];
        Assert.All(bad, (line) => Assert.Equal("VALIDATION_ERROR", Code(line)));
        Assert.Equal(Enumerable.Range(1, 9), bad.Select((line) => line.GetProperty("error").GetProperty("data").GetProperty("line").GetInt32()).Order());
        Assert.Contains(
            "line 2: code is missing", bad.Single((line) => Id(line) == "a").GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["b", "c", "d", "e", "f"], bad.Select(Id).Where((id) => id is not null and not "a").Order());
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Tools_by_name_return_and_throw()
    {
        CliResult result = await BatchAsync(
            """
            {"id": "returns", "code": "return (await callTool('t')).n", "tools": {"t": {"returns": {"n": 5}}}}
            {"id": "throws", "code": "try { await callTool('t') } catch (e) { return e.name + ' ' + e.message }", "tools": {"t": {"throws": {"name": "TypeError", "message": "no"}}}}
            {"id": "unknown", "code": "await callTool('u')", "tools": {"t": {"returns": 1}}}
            {"id": "none", "code": "await callTool('t')", "tools": null}
            {"id": "default", "code": "return await callTool('t')"}
            """,
            "--tool", "t=echo shell");

        Dictionary<string, JsonElement> results = Results(result).ToDictionary((line) => line.GetProperty("id").GetString()!);
        Assert.Equal(5, results["returns"].GetProperty("value").GetInt32());
        Assert.Contains("no", results["throws"].GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Equal("TOOL_ERROR", Code(results["unknown"]));
        Assert.Equal("TOOL_ERROR", Code(results["none"]));
        Assert.Equal("shell", results["default"].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Tools_as_a_recording_answer_each_call_once()
    {
        CliResult result = await BatchAsync(
            """
            {"id": "order", "code": "return [await callTool('t', {n: 1}), await callTool('t', {n: 1}), await callTool('t', {n: 2})]", "tools": [{"name": "t", "args": {"n": 1}, "returns": "a"}, {"name": "t", "args": {"n": 2}, "returns": "c"}, {"name": "t", "args": {"n": 1}, "returns": "b"}]}
            {"id": "any", "code": "return [await callTool('t', {n: 1}), await callTool('t', {n: 9})]", "tools": [{"name": "t", "any_args": true, "returns": 7}]}
            {"id": "other", "code": "await callTool('t', {n: 3})", "tools": [{"name": "t", "args": {"n": 1}, "returns": "a"}]}
            {"id": "undefined", "code": "return typeof await callTool('t', {})", "tools": [{"name": "t", "args": {}, "returns_undefined": true}]}
            {"id": "repeat", "code": "return (await callTool('t', {})).length", "tools": [{"name": "t", "any_args": true, "returns_repeat": ["ab", 50000]}]}
            {"id": "never", "code": "await callTool('t', {})", "timeout": 300, "tools": [{"name": "t", "any_args": true, "never_resolves": true}]}
            {"id": "function", "code": "await callTool('t', {})", "tools": [{"name": "t", "args": {}, "returns_unserializable": true}]}
            {"id": "throws", "code": "await callTool('t', {})", "tools": [{"name": "t", "args": {}, "throws": {"name": "Error", "message": "recorded"}}]}
            {"id": "empty", "code": "return 1", "tools": []}
            """);

        Dictionary<string, JsonElement> results = Results(result).ToDictionary((line) => line.GetProperty("id").GetString()!);
        Assert.Equal("[\"a\",\"b\",\"c\"]", results["order"].GetProperty("value").GetRawText());
        Assert.Equal("[7,7]", results["any"].GetProperty("value").GetRawText());
        Assert.Contains("{\"n\":3}", results["other"].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("undefined", results["undefined"].GetProperty("value").GetString());
        Assert.Equal(100_000, results["repeat"].GetProperty("value").GetInt32());
        Assert.Equal("TIMEOUT", Code(results["never"]));
        Assert.Equal("TOOL_ERROR", Code(results["function"]));
        Assert.Equal("recorded", results["throws"].GetProperty("error").GetProperty("message").GetString());
        Assert.True(results["empty"].GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_and_the_next_one_runs()
    {
        CliResult result = await BatchAsync(new string('[', (64 << 20) + 1) + "\n{\"id\": 2, \"code\": \"return 7\"}");

        JsonElement[] results = Results(result);
        Assert.Equal("line 1: it has more than 67108864 characters", results[0].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(7, results[1].GetProperty("value").GetInt32());
    }

    private static Task<CliResult> BatchAsync(string jobs, params string[] options) => CliProcess.RunAsync(jobs, ["run", "--batch", "-", .. options]);

    private static JsonElement[] Results(CliResult result) => [.. result.Lines.Select((line) => JsonDocument.Parse(line).RootElement)];

    private static string? Id(JsonElement line) => line.GetProperty("id").GetString();

    private static string? Code(JsonElement line) => line.GetProperty("error").GetProperty("code").GetString();
}
