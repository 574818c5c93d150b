using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Tests.Runtimes;

/// <summary>Sessions on remote runtimes, with their tools at the broker.</summary>
public sealed class RuntimeTests
{
    private const string Secret = "the-runtimes-own-secret";

    [Fact]
    public async Task A_session_on_a_runtime_has_the_same_events()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);

        JsonElement[] events = await app.Run("console.log('hi'); const a = await callTool('math:add', { a: 1, b: 2 }); return a.sum;");

        Assert.Equal(["session_init", "stdout", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], events.Types());
        Assert.Equal(Enumerable.Range(1, 7), events.Select((happened) => happened.GetProperty("seq").GetInt32()));
        Assert.Equal(3, events.Final().GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("return await callTool('fail:now', {})", "TOOL_ERROR", "tool exploded")]
    [InlineData("return await callTool('no:such', {})", "TOOL_ERROR", "there is no tool")]
    [InlineData("throw new Error('mine')", "RUNTIME_ERROR", "mine")]
    [InlineData("for (let i = 0; i < 60; i++) await callTool('math:add', { a: 1, b: 1 })", "MAX_TOOL_CALLS", "50")]
    public async Task A_failure_has_its_code(string code, string expected, string words)
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);

        JsonElement final = (await app.Run(code)).Final();

        Assert.Equal(expected, final.ErrorCode());
        Assert.Contains(words, final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_catches_a_tools_failure_with_its_code()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);

        JsonElement final = (await app.Run("try { await callTool('fail:now', {}); } catch (e) { return [e.message, e.code]; }")).Final();

        Assert.Equal("""["tool exploded","BOOM"]""", final.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task A_cancel_reaches_the_runtime()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);
        using HttpResponseMessage response = await app.Post("""{ "sessionId": "s_long", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() => runtime.GetStats().ActiveSessions == 1, "the runtime has the session");

        (await app.Http.PostAsync("/sessions/s_long/cancel", new StringContent("""{"reason":"enough"}"""))).Dispose();
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        Assert.Equal("enough", events.Final().GetProperty("error").GetProperty("message").GetString());
        await Within.Becomes(() => runtime.GetStats().ActiveSessions == 0, "the runtime has let go of it");
    }

    [Fact]
    public async Task A_session_has_one_id_in_the_logs_of_its_runtime()
    {
        var lines = new RunLines();
        await using RuntimeWorker runtime = await Start(loggers: lines);
        await using BrokerApp app = await Over(runtime.Address!);

        await app.Run("throw new Error('x')", ", \"sessionId\": \"s_named\"");

        Assert.Equal("Run s_named failed: RUNTIME_ERROR", Assert.Single(lines.Failed).Split(';')[0]);
    }

    [Fact]
    public async Task A_runtime_that_is_gone_is_passed_over()
    {
        await using RuntimeWorker gone = await Start(), here = await Start();
        Uri address = gone.Address!;
        await gone.StopAsync();
        await using BrokerApp app = await Over(address, here.Address!);

        for (int i = 0; i < 6; i++) Assert.Equal(i, (await app.Run($"return {i}")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_full_runtime_is_passed_over()
    {
        await using RuntimeWorker small = await Start(maxSessions: 1), here = await Start();
        await using BrokerApp app = await Over(small.Address!, here.Address!);
        HttpResponseMessage[] waiting = [await Sleeper(app), await Sleeper(app), await Sleeper(app)];

        Assert.Equal(7, (await app.Run("return 7")).Final().GetProperty("result").GetInt32());
        foreach (HttpResponseMessage response in waiting) response.Dispose();
    }

    [Fact]
    public async Task Sessions_are_spread_over_the_runtimes()
    {
        await using RuntimeWorker one = await Start(), two = await Start();
        await using BrokerApp app = await Over(one.Address!, two.Address!);
        HttpResponseMessage[] waiting = [await Sleeper(app), await Sleeper(app), await Sleeper(app), await Sleeper(app)];

        await Within.Becomes(() => (one.GetStats().ActiveSessions, two.GetStats().ActiveSessions) == (2, 2), "two sessions on each");

        foreach (HttpResponseMessage response in waiting) response.Dispose();
    }

    [Fact]
    public async Task A_script_that_called_a_tool_is_not_run_twice()
    {
        await using RuntimeWorker lost = await Start(), other = await Start();
        await using BrokerApp app = await Over(lost.Address!);
        using HttpResponseMessage response = await app.Post(
            """{ "code": "await callTool('math:add', { a: 1, b: 2 }); return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() => app.Get("/sessions")
            .GetAwaiter().GetResult().GetProperty("sessions")[0].GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 2, "two calls");

        // Like a killed process: without a closing message.
        await lost.DisposeAsync();
        JsonElement final = (await BrokerApp.Events(response)).Final();

        Assert.Contains(final.ErrorCode(), (string[])["RUNTIME_LOST", "SESSION_CANCELLED"]);
        Assert.Equal(0, other.GetStats().TotalSessions);
    }

    [Fact]
    public async Task Without_any_runtime_the_session_says_so()
    {
        await using RuntimeWorker runtime = await Start();
        Uri address = runtime.Address!;
        await runtime.StopAsync();
        await using BrokerApp app = await Over(address);

        JsonElement final = (await app.Run("return 1")).Final();

        Assert.Equal("RUNTIME_UNAVAILABLE", final.ErrorCode());
    }

    [Fact]
    public async Task B8_A_wrong_secret_is_no_way_in()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over("another-secret-altogether", runtime.Address!);

        Assert.Equal("RUNTIME_UNAVAILABLE", (await app.Run("return 1")).Final().ErrorCode());
        Assert.Equal(0, runtime.GetStats().TotalSessions);
    }

    private static async Task<HttpResponseMessage> Sleeper(BrokerApp app)
    {
        HttpResponseMessage response = await app.Post("""{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        string id = response.Headers.GetValues("X-Session-ID").Single();
        await Within.Becomes(() => app.Get($"/sessions/{id}").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1,
            "the session called its tool");
        return response;
    }

    private static async Task<RuntimeWorker> Start(int maxSessions = 10, ILoggerFactory? loggers = null)
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = 0,
            MaxSessions = maxSessions,
            LoggerFactory = loggers,
            SecurityLevel = SecurityLevel.Standard,
            Security = new RuntimeSecurityOptions { SharedSecret = Secret }
        });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }

    private static Task<BrokerApp> Over(params Uri[] runtimes) => Over(Secret, runtimes);

    private static Task<BrokerApp> Over(string secret, params Uri[] runtimes) => BrokerApp.Over((options) =>
    {
        foreach (Uri runtime in runtimes) options.Runtimes.Add(runtime);
        options.Token = secret;
    });

    /// <summary>The events of failed runs.</summary>
    private sealed class RunLines : ILoggerFactory, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _failed = new();

        public IReadOnlyCollection<string> Failed => _failed;

        public ILogger CreateLogger(string categoryName) =>
            categoryName == "Enclave.Runs" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _failed.Enqueue(formatter(state, exception));
    }
}
