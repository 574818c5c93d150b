using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Runtimes;

/// <summary>Values that are small in memory and too large as a line of JSON: a control character takes 1 byte in the host and 6 on the wire.</summary>
public sealed class LargeMessageTests
{
    // Written so that the guard cannot compute its length.
    // Written so that the guard cannot compute its length: 2 MB, and 12 MB as JSON.
    private const string Before = "let large = String.fromCharCode(1); for (let i = 0; i < 21; i++) large += large; ";

    private static readonly (string Code, string Expected)[] s_scripts =
    [
        ("return large", "OUTPUT_LIMIT"),
        ("return { [large]: 1 }", "OUTPUT_LIMIT"),
        ("return Array(20).fill({ a: large.slice(0, 1e5) })", "OUTPUT_LIMIT"),
        ("throw new Error(large)", "RUNTIME_ERROR"),
        ("const e = new Error('x'); e.stack = large; throw e", "RUNTIME_ERROR"),
        ("await callTool('echo', { value: large })", "TOOL_ERROR"),
        ("try { await callTool('echo', { value: large }) } catch (e) { return e.code }", "\"TOOL_ARGUMENTS_TOO_LARGE\""),
        ("try { return await callTool('give:control', {}) } catch (e) { return e.code }", "\"TOOL_RESULT_TOO_LARGE\""),
        ("console.log(large.slice(0, 2e5)); return 1", "1"),
        ("return large.slice(0, 1e5).length", "100000"),
    ];

    [Fact]
    public async Task A_session_with_data_too_large_for_a_line_runs_once_and_says_so()
    {
        await using RuntimeWorker one = await Start(), two = await Start();
        await using BrokerApp app = await Over(1 << 20, one, two);
        int sessions = 0;

        foreach ((string code, string expected) in s_scripts)
        {
            Assert.Contains(expected, (await app.Run(Before + code)).Final().Value(), StringComparison.Ordinal);
            Assert.Equal((code, ++sessions), (code, one.GetStats().TotalSessions + two.GetStats().TotalSessions));
        }

        // Neither runtime was blamed: they took turns.
        Assert.Equal(one.GetStats().TotalSessions, two.GetStats().TotalSessions);
    }

    [Fact]
    public async Task Every_line_of_a_result_that_fits_arrives_up_to_the_bound()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(64 << 10, runtime);

        foreach (int length in (int[])[60_000, 63_000, 65_000, 66_000, 130_000])
        {
            JsonElement final = (await app.Run($"let x = 'x'; for (let i = 0; i < 17; i++) x += x; return x.slice(0, {length})")).Final();
            bool fits = length < 63_400;
            Assert.Equal(fits, final.GetProperty("ok").GetBoolean());
            if (!fits) Assert.Equal("OUTPUT_LIMIT", final.ErrorCode());
        }
    }

    [Fact]
    public async Task A_runtime_that_does_not_measure_is_not_asked_again()
    {
        string large = new('x', 200_000);
        await using Failures.ScriptedRuntime runtime = await Failures.ScriptedRuntime.Start(
            (session) => [Failures.ScriptedRuntime.Event(session, 1, "final", $$"""{"ok":true,"result":"{{large}}"}""")]);
        await using BrokerApp app = await BrokerApp.Over((options) =>
        {
            options.Runtimes.Add(runtime.Address);
            options.MaxMessageBytes = 100 << 10;
        });

        Assert.Equal("OUTPUT_LIMIT", (await app.Run("return 1")).Final().ErrorCode());
        Assert.Single(runtime.Heard, (message) => message.Contains("\"execute\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "OUTPUT_LIMIT")]
    [InlineData("throw new Error('mine')", "RUNTIME_ERROR")]
    public async Task The_brokers_own_host_has_the_same_bound(string before, string expected)
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.MaxLogBytes = 1 << 20);

        Assert.Equal(expected, (await app.Run($"{Before}{before}; return large.slice(0, 4e5)")).Final().ErrorCode());
    }

    private static async Task<RuntimeWorker> Start()
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Standard });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }

    private static Task<BrokerApp> Over(int? maxMessageBytes, params RuntimeWorker[] runtimes) => BrokerApp.Over((options) =>
    {
        foreach (RuntimeWorker runtime in runtimes) options.Runtimes.Add(runtime.Address!);
        options.MaxMessageBytes = maxMessageBytes ?? options.MaxMessageBytes;
    },
    enclave: (options) =>
        options.Tools.Add("give:control", static (Nothing _, ToolContext _, CancellationToken _) => Task.FromResult(new string('\u0001', 100_000))));

    private sealed record Nothing;
}
