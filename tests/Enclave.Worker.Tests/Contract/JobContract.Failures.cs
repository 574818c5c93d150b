using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>Failing programs, and things that programs cannot do.</summary>
public abstract partial class JobContract
{
    [Theory]
    [InlineData("throw new RangeError('far')", 0, "RangeError", "far", "    at script.js:1:7")]
    [InlineData("const f = () => { null.x; };\nf();", 0, "TypeError", "Cannot read properties of null (reading 'x')",
        "    at f (script.js:1:24)\n    at script.js:2:1")]
    [InlineData("throw 'text'", 0, "Error", "text", null)]
    [InlineData("throw { name: 'Own', message: 'made' }", 0, "Own", "made", null)]
    [InlineData("const a = ;", 1, "SyntaxError", "Unexpected token ';'", "    at script.js:1:11")]
    [InlineData("const a = 1;\nreturn a +", 1, "SyntaxError", "Unexpected end of input", "    at script.js:2:11")]
    [InlineData("if (1) {", 1, "SyntaxError", "Unexpected end of input", "    at script.js:1:9")]
    [InlineData("return () => 1", 3, "TypeError", "a function at $ cannot cross: values are data only", null)]
    [InlineData("return { a: [1, { b: Symbol() }] }", 3, "TypeError", "a symbol at $.a[1].b cannot cross: values are data only", null)]
    [InlineData("return { p: Promise.resolve() }", 3, "TypeError", "a promise that was not awaited at $.p cannot cross: values are data only", null)]
    [InlineData("await new Promise(() => {})", 5, "Error",
        "the script waits for a promise that nothing can settle: no tool call is under way, and no timer is set", null)]
    [InlineData("new Promise((_, no) => no(new Error('lost'))); return 1", 0, "Error", "lost", "    at script.js:1:27")]
    public void A_failure_has_name_message_and_the_users_line(string code, int kind, string name, string message, string? stack)
    {
        foreach (CodeKey key in s_comings)
        {
            ScriptError error = Run(code, key: key).Error;

            Assert.Equal((ScriptErrorKind)kind, error.Kind);
            Assert.Equal(name, error.Name);
            Assert.Equal(message, error.Message);
            if (stack is not null) Assert.StartsWith(stack, error.Stack?.TrimStart('\n'), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_termination_cannot_be_caught()
    {
        ulong job = Worker.Begin(new ScriptJob("for (;;) { try { console.log('x'); for (;;); } catch {} finally { continue; } }"));
        Worker.Expect(FrameType.Console);
        Worker.Send(new CancelMessage(job).Write);

        JobAnswer answer = Worker.Finish(job);

        Assert.Equal(StopReason.Cancelled, answer.Reason);
        Assert.Equal("1", Run("return 1").Json);
    }

    [Fact]
    public void No_code_is_made_from_strings_and_no_engine_door_is_open() => Assert.Equal(
        "[\"EvalError\",\"EvalError\",\"EvalError\",\"EvalError\"," +
        "\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\"]",
        Run("""
            const tries = [() => eval('1'), () => new Function('1'), () => (async () => {}).constructor('1'), () => (function* () {}).constructor('1')];
            return tries.map((f) => { try { f(); return 'open'; } catch (e) { return e.name; } })
              .concat([typeof WebAssembly, typeof SharedArrayBuffer, typeof XMLHttpRequest, typeof fetch, typeof read, typeof print, typeof gc]);
            """).Json);
}
