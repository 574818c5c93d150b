using System.Globalization;
using Enclave.Explaining;
using Enclave.Guard;
using Enclave.Guard.Options;

namespace Enclave.Host.UnitTests.Explaining;

/// <summary>The lines of a trace come from a worker, which may send anything.</summary>
public sealed class RunTraceTests
{
    private const string Code = "let total = 0;\nfor (const x of list) {\n  total += x;\n}\nreturn total.a.b;";

    private readonly RunTrace _trace = new();
    private readonly string _mark;

    public RunTraceTests()
    {
        var guard = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard, Preset = GuardPreset.JavaScript });
        GuardedScript traced = _trace.Rewrite(guard, guard.Examine(Code, ["list"]).Script!);
        int at = traced.Code.IndexOf("enclave:trace:", StringComparison.Ordinal);
        _mark = traced.Code[at..traced.Code.IndexOf('\'', at)];
    }

    [Fact]
    public void Only_the_last_thousand_steps_are_kept_whatever_comes()
    {
        for (int i = 1; i <= 5000; i++) Send(string.Create(CultureInfo.InvariantCulture, $"[\"s\",{i},1,\"{i}\"]"));

        Assert.Equal(RunTrace.MaxSteps, _trace.Steps.Count);
        Assert.Equal((4001, 5000), (_trace.Steps.First().Number, _trace.Steps.Last().Number));
        Assert.Null(_trace.StepAt(4000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[\"s\"]")]
    [InlineData("[\"s\",1]")]
    [InlineData("[\"s\",1,0]")]
    [InlineData("[\"s\",1,99]")]
    [InlineData("[\"s\",1,-1]")]
    [InlineData("[\"s\",1e99,1]")]
    [InlineData("[\"s\",\"1\",1]")]
    [InlineData("[\"r\",1,1]")]
    [InlineData("[\"f\",1,1,7]")]
    [InlineData("[[[[[[1]]]]]]")]
    [InlineData("[\"s\",1,1,\"\\ud800")]
    [InlineData("nonsense")]
    public void A_line_that_is_none_says_nothing(string line)
    {
        Send(line);

        Assert.Empty(_trace.Steps);
        Assert.Empty(_trace.Failures);
    }

    [Fact]
    public void A_line_of_the_script_is_its_own()
    {
        Assert.False(_trace.Takes(new ConsoleEvent { Level = ConsoleLevel.Debug, Text = "enclave:trace:[\"s\",1,1]" }));
        Assert.False(_trace.Takes(new ConsoleEvent { Level = ConsoleLevel.Debug, Text = "    " }));
        Assert.False(_trace.Takes(new ConsoleEvent { Level = ConsoleLevel.Log, Text = _mark + "[\"s\",1,1]" }));
    }

    [Fact]
    public void Of_the_rounds_of_a_loop_the_first_and_the_last_two_are_shown()
    {
        int number = 0;
        Send($"[\"s\",{++number},1]");
        Send($"[\"s\",{++number},2,\"[1]\"]");
        for (int round = 1; round <= 50; round++)
        {
            Send($"[\"r\",{++number},2,{round},\"{round}\"]");
            Send($"[\"s\",{++number},3,\"0\",\"{round}\"]");
            Send($"[\"a\",{number},3,\"{round * 2}\"]");
        }

        List<ExplainedStep> steps = new TraceReading(Code, _trace, error: null).Steps();

        Assert.Equal([null, null, 1, null, 49, null, 50, null], steps.Select((step) => step.Round));
        Assert.Equal(("100", "50"), (steps[^1].Values["total"], steps[^1].Values["x"]));
        Assert.Equal((3, "total += x;"), (steps[^1].Line, steps[^1].Statement));
    }

    [Fact]
    public void The_statement_that_failed_is_the_one_that_the_error_left_first()
    {
        Send("[\"s\",9,4,\"0\",\"undefined\",0]");
        Send("[\"e\",9]");
        Send("[\"f\",9,4,\"Cannot read properties of undefined (reading 'b')\"]");
        var error = new ExecutionError
        {
            Code = ErrorCode.RuntimeError,
            Name = "TypeError",
            Message = "Cannot read properties of undefined (reading 'b')",
            Stack = "    at script.js:5:16",
        };

        var reading = new TraceReading(Code, _trace, error);
        var failed = reading.Failed!.Value;

        Assert.Equal((5, "return total.a.b;"), (failed.Line, reading.Text(failed.Statement)));
        Assert.Equal([("total", "0"), ("total.a", "undefined")], reading.Values(failed.Step!).Select((value) => (value.Key, value.Value)));
    }

    [Theory]
    [InlineData("    at script.js:99:1")]
    [InlineData("    at script.js:0:0")]
    [InlineData("    at script.js:99999999999:1")]
    [InlineData(":::")]
    [InlineData("")]
    public void A_stack_that_leads_nowhere_is_ignored(string stack)
    {
        Send("[\"s\",1,1]");
        var error = new ExecutionError { Code = ErrorCode.RuntimeError, Name = "Error", Message = "x", Stack = stack };

        Assert.Equal(1, new TraceReading(Code, _trace, error).Failed!.Value.Line);
    }

    private void Send(string line) => Assert.True(_trace.Takes(new ConsoleEvent { Level = ConsoleLevel.Debug, Text = "  " + _mark + line }));
}
