using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The guard as callers see it: values, refusals, counted loops, and places in the original text.</summary>
public sealed class GuardedRunTests : IAsyncDisposable
{
    private readonly EnclaveHost _host = new(new EnclaveOptions { MaxIterations = 100, VerboseErrors = true });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("const x = [1]; x", "[1]")]
    [InlineData("({ a: 1 })", "{\"a\":1}")]
    [InlineData("'use strict'", "\"use strict\"")]
    [InlineData("Promise.resolve(3)", "3")]
    [InlineData("return 5; 6", "5")]
    [InlineData("null", "null")]
    [InlineData("undefined", null)]
    [InlineData("const x = 5", null)]
    [InlineData("if (true) { 5 }", null)]
    [InlineData("// nothing", null)]
    [InlineData("", null)]
    public async Task The_final_expression_statement_is_the_value(string code, string? json)
    {
        ExecutionResult result = await Run(code);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(json, result.Value.Kind == Protocol.ScriptValueKind.Undefined ? null : result.Value.ToJsonString());
    }

    [Theory]
    [InlineData("let n = 0;\nfor (let i = 0; i < 101; i++) n++;", 2, "loop")]
    [InlineData("await null;\n\nfor (let i = 0; i < 101; i++);", 3, "loop")]
    [InlineData("for (let i = 0; i < 5; i++) {\n  for (let k = 0; k < 101; k++);\n}", 2, "loop")]
    [InlineData("const a = Array(100).fill(0);\nfor (const x of a) {\n  for (const y of a);\n  for (const z of [1]);\n}", 3, "total")]
    [InlineData("const a = Array(200).fill(0);\na.forEach((x) =>\n  a.forEach((y) => y));", 3, "total")]
    public async Task A_loop_ends_at_its_limit_and_is_named_by_its_line(string code, int line, string reason)
    {
        ExecutionResult result = await Run($"{code}\nconsole.log('went on')");

        Assert.Equal(ErrorCode.MaxIterations, result.Error?.Code);
        Assert.Equal((line, reason), (result.Error!.Data!["line"], result.Error.Data["reason"]));
        Assert.Contains($"in line {line}", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("", result.Stdout);
        Assert.True(result.Stats.IterationCount > 0, "iterations are counted up to the limit");
    }

    [Theory]
    [InlineData("try { for (let i = 0; i < 101; i++); } catch { console.log('caught') } finally { console.log('finally') }")]
    [InlineData("Promise.resolve().finally(() => console.log('microtask')); for (let i = 0; i < 101; i++);")]
    public async Task Nothing_runs_after_the_limit(string code)
    {
        ExecutionResult result = await Run(code);

        Assert.Equal(ErrorCode.MaxIterations, result.Error?.Code);
        Assert.Equal("", result.Stdout);
    }

    [Fact]
    public async Task Each_entry_of_a_loop_counts_from_zero_and_the_run_counts_all()
    {
        ExecutionResult result = await Run("let n = 0; for (let i = 0; i < 50; i++) for (let k = 0; k < 100; k++) n++; n");

        Assert.Equal(5000, result.Value.AsInt32());
        Assert.Equal(5050, result.Stats.IterationCount);
    }

    [Fact]
    public async Task Stacks_show_the_text_as_it_was_written()
    {
        ExecutionResult result = await Run(
            "// first\nconst f = (a) => a.b.c;\nfor (const x of [1, 2]) {\n  const k = 'b' + x;\n  const v = ({})[k];\n  f({ b: v });\n}");

        Assert.Equal("    at f (script.js:2:22)\n    at script.js:6:3", result.Error?.Stack);
    }

    [Fact]
    public async Task A_refusal_names_what_is_wrong_and_where_and_runs_nothing()
    {
        ExecutionResult result = await Run("console.log('ran');\nlet n = 0; while (n < 5) n++;\nprocess.exit()");

        Assert.Equal(ErrorCode.ValidationError, result.Error?.Code);
        Assert.Contains("FORBIDDEN_LOOP (line 2): ", result.Error!.Message, StringComparison.Ordinal);
        var issues = Assert.IsAssignableFrom<IReadOnlyCollection<GuardIssue>>(result.Error.Data!["issues"]);
        Assert.Contains(issues, (issue) => issue.Location?.Line == 3);
        Assert.Equal(("", 0), (result.Stdout, result.Stats.WorkerId));
    }

    [Fact]
    public async Task Without_static_checks_loops_and_keys_are_still_watched()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { Validate = false, MaxIterations = 100 });

        ExecutionResult loop = await host.RunAsync("while (true);"), key = await host.RunAsync("const k = ['constructor'][0]; return ({})[k]");

        Assert.Equal(ErrorCode.MaxIterations, loop.Error?.Code);
        Assert.Equal((ErrorCode.RuntimeError, "the property 'constructor' cannot be used here"), (key.Error!.Code, key.Error.Message));
        Assert.Equal(ErrorCode.ValidationError, (await host.RunAsync("return 1 +")).Error?.Code);
    }

    private Task<ExecutionResult> Run(string code) => Within.Deadline(_host.RunAsync(code), $"answer to {code}");
}
