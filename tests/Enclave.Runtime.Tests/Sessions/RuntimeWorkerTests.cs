using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>State and statistics of a runtime, as its owner sees them.</summary>
public sealed class RuntimeWorkerTests
{
    [Fact]
    public void The_defaults_are_the_documented_ones()
    {
        var options = new RuntimeWorkerOptions();

        Assert.Equal((3001, "127.0.0.1", "/ws", 10, SecurityLevel.Secure, false),
            (options.Port, options.Host, options.WsPath, options.MaxSessions, options.SecurityLevel, options.Debug));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), (options.HeartbeatInterval, options.ConnectionTimeout));
        Assert.Equal((30_000L, 128L << 20, 100L), (options.DefaultLimits.TimeoutMs, options.DefaultLimits.MemoryLimit, options.DefaultLimits.MaxToolCalls));
    }

    [Fact]
    public async Task It_starts_once_and_stops_once()
    {
        RuntimeWorker runtime = TestRuntime.Create();
        Assert.Equal((RuntimeWorkerState.Idle, null), (runtime.GetState(), runtime.Address));
        await runtime.StartAsync();
        Assert.Equal((RuntimeWorkerState.Running, "/ws"), (runtime.GetState(), runtime.Address!.AbsolutePath));

        Assert.Equal(RuntimeFault.AlreadyStarted, (await Assert.ThrowsAsync<RuntimeWorkerException>(() => runtime.StartAsync())).Fault);
        await Within.Deadline(Task.WhenAll(runtime.StopAsync(), runtime.StopAsync()), "stop");

        Assert.Equal((RuntimeWorkerState.Stopped, false), (runtime.GetState(), runtime.GetStats().IsRunning));
        Assert.Equal(RuntimeFault.Stopped, (await Assert.ThrowsAsync<RuntimeWorkerException>(() => runtime.StartAsync())).Fault);
        await runtime.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_and_nothing_is_left()
    {
        await using RuntimeWorker first = await TestRuntime.StartAsync();
        RuntimeWorker second = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = first.Address!.Port });

        var refused = await Assert.ThrowsAsync<RuntimeWorkerException>(() => second.StartAsync());

        Assert.Equal((RuntimeFault.AddressUnavailable, RuntimeWorkerState.Stopped), (refused.Fault, second.GetState()));
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        (string, RuntimeWorkerOptions)[] wrong =
        [
            ("Port", new() { Port = 65536 }),
            ("MaxSessions", new() { MaxSessions = 0 }),
            ("MaxSessions", new() { MaxSessions = 2_001 }),
            ("Host", new() { Host = "example.org" }),
            ("WsPath", new() { WsPath = "ws" }),
            ("ConnectionTimeout", new() { ConnectionTimeout = TimeSpan.Zero }),
            ("HeartbeatInterval", new() { HeartbeatInterval = TimeSpan.FromMilliseconds(99) }),
            ("SharedSecret", new() { Security = new() { SharedSecret = "too short" } }),
            ("SharedSecret", new() { Security = new() { SharedSecret = "with a space in it and long" } }),
            ("ClientAuthorities", new() { Security = new() { ClientAuthorities = [] } }),
            ("MaxMessageBytes", new() { Connections = new() { MaxMessageBytes = 1 } }),
            ("SendTimeout", new() { Connections = new() { SendTimeout = TimeSpan.Zero } }),
            ("DefaultLimits", new() { DefaultLimits = new() { TimeoutMs = -1 } }),
            ("MaxLimits", new() { MaxLimits = new() { TimeoutMs = 0 } }),
            ("MaxLimits", new() { MaxLimits = new() { MemoryLimit = 1 << 20 } }),
            ("MaxLimits", new() { MaxLimits = new() { HeartbeatIntervalMs = 1000 } }),
            ("MaxLimits", new() { MaxLimits = new() { DeadlineMs = 1000 } }),
            ("MaxLimits", new() { MaxLimits = new() { CancelOnFirstError = true } }),
            ("DefaultLimits", new() { DefaultLimits = new() { MemoryLimit = -1 } }),
            ("DefaultLimits", new() { DefaultLimits = new() { MaxToolCalls = -1 } }),
            ("DefaultLimits", new() { DefaultLimits = new() { HeartbeatIntervalMs = -1 } }),
            ("DefaultLimits", new() { DefaultLimits = new() { DeadlineMs = -1 } }),
        ];

        Assert.All(wrong, (one) => Assert.Contains(
            one.Item1, Assert.Throws<ArgumentException>(() => RuntimeWorkerFactory.CreateRuntimeWorker(one.Item2)).Message, StringComparison.Ordinal));
        var executor = new SessionExecutorOptions { Limits = new() { MaxStdoutBytes = -1 } };
        Assert.StartsWith("Limits.MaxStdoutBytes is -1; expected 1 or above.",
            Assert.Throws<ArgumentException>(() => new SessionExecutor(executor)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(2_000)]
    public async Task A_runtime_has_a_worker_for_each_of_its_sessions(int sessions)
    {
        WorkerPoolOptions? pool = null;
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = 0,
            MaxSessions = sessions,
            SecurityLevel = SecurityLevel.Standard,
            ConfigureHost = (host) => pool = host.WorkerPool,
        });

        await Within.Deadline(runtime.StartAsync(), "start");

        Assert.Equal(sessions, pool?.MaxWorkers);
    }

    [Fact]
    public async Task Figures_tell_what_runs_and_what_ran()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_ok", "return 1"));
        await peer.ToEndAsync("s_ok");
        await peer.SendAsync(TestRuntime.Execute("s_bad", "eval('1')"));
        await peer.ToEndAsync("s_bad");
        await peer.SendAsync(TestRuntime.Execute("s_waits", "await callTool('x', {})"));
        await peer.NextAsync("s_waits", "tool_call", "session_init");

        RuntimeWorkerStats stats = runtime.GetStats();
        Assert.Equal((1, 3L, 3L, 1L, 1L, 1),
            (stats.ActiveSessions, stats.TotalSessions, stats.TotalExecutions, stats.SuccessfulExecutions, stats.FailedExecutions, stats.Connections));
        Assert.True(stats is { IsRunning: true, StartedAt: not null, MemoryUsage: > 0, AverageExecutionTime: > 0 }, stats.ToString());
        // The garbage collector may not have run yet in this process.
        Assert.True(stats.Memory.HeapUsed > 0 && stats.Memory.HeapTotal >= stats.Memory.HeapUsed, stats.Memory.ToString());
        // A worker of a session has at least the stack and the heap that it has written.
        Assert.InRange(stats.Memory.Workers, 64 << 10, 1L << 30);
        Assert.Equal(stats.Uptime, stats.UptimeMs);
        RuntimeSessionInfo session = Assert.Single(runtime.GetSessions());
        Assert.Equal(("s_waits", SessionState.WaitingForTool, TimeSpan.FromSeconds(60)),
            (session.SessionId, session.State, session.ExpiresAt - session.CreatedAt));
        JsonElement json = JsonDocument.Parse(stats.ToJsonString()).RootElement;
        Assert.Equal(("running", 1), (json.Text("state"), json.GetProperty("activeSessions").GetInt32()));
    }

    [Fact]
    public async Task T2_Two_tenants_do_not_share_a_worker()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            MaxSessions = 1,
            ConfigureHost = (host) => host.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);

        // With one worker: it is replaced when another tenant comes, and only then.
        foreach (string tenant in (string[])["a", "a", "b", "b"])
        {
            string id = $"s_{Guid.NewGuid()}";
            await peer.SendAsync(new ChannelExecute("return 1") { SessionId = id, Tenant = tenant }.ToJsonString());
            await peer.ToEndAsync(id);
        }

        Assert.Equal(1, runtime.GetPool()!.RecycledBy[RecycleReason.Tenant]);
    }

    [Fact]
    public async Task Everything_that_happens_is_told_to_whoever_listens()
    {
        var told = new List<string>();
        void Tell(string what)
        {
            lock (told) told.Add(what);
        }

        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            OnEvent = (e) => Tell($"event {e.SessionId} {e.Type}"),
            EventHandlers = new RuntimeEventHandlers
            {
                OnExecute = (id, code) => Tell($"execute {id} {code}"),
                OnComplete = (id, final) => Tell($"complete {id} {final.Result}"),
                OnError = (id, error) => Tell($"failed {id} {error.Code}"),
                OnCancel = (id, why) => Tell($"cancel {id} {why}"),
            },
            ConnectionHandlers = new RuntimeConnectionHandlers { OnConnect = (id) => Tell($"connect {id}"), OnDisconnect = (id) => Tell($"disconnect {id}") },
            SessionHandler = (id, send) =>
            {
                Tell($"opens {id}");
                return new RuntimeSessionHooks
                {
                    OnMessage = (message) =>
                    {
                        Tell($"message {id} {message.Type}");
                        send(new LogEntry { Level = LogSeverity.Info, Message = "from the hook" });
                    },
                    OnClose = () => Tell($"closes {id}"),
                };
            },
        });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_a", "return 5"));
        await peer.ToEndAsync("s_a");
        await peer.SendAsync(TestRuntime.Execute("s_b", "eval('1')"));
        await peer.ToEndAsync("s_b");
        await peer.SendAsync(TestRuntime.Execute("s_c", "await callTool('x', {})"));
        await peer.NextAsync("s_c", "tool_call", "session_init");
        await peer.SendAsync("""{"type":"cancel","sessionId":"s_c","reason":"enough"}""");
        JsonElement log = await peer.NextAsync("s_c", "log", "tool_progress", "error");
        await peer.NextAsync("s_c", "final", "error", "tool_progress");
        await peer.CloseAsync();
        await Within.Becomes(() => told.Contains("disconnect client_1"), "the connection was told to be gone");

        Assert.Equal("from the hook", log.Payload().Text("message"));
        foreach (string expected in new[]
        {
            "connect client_1",
                "execute s_a return 5", "opens s_a", "event s_a session_init", "event s_a final", "complete s_a 5", "closes s_a", "failed s_b VALIDATION_ERROR",
            "event s_c tool_call", "message s_c cancel", "event s_c log", "cancel s_c enough", "closes s_c", "disconnect client_1",
        })
        {
            Assert.Contains(expected, told);
        }
    }

    [Fact]
    public async Task Listeners_that_throw_disturb_nothing()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            OnEvent = (_) => throw new InvalidOperationException("listener"),
            EventHandlers = new RuntimeEventHandlers
            {
                OnExecute = (_, _) => throw new InvalidOperationException("listener"),
                OnComplete = (_, _) => throw new InvalidOperationException("listener"),
            },
            ConnectionHandlers = new RuntimeConnectionHandlers { OnConnect = (_) => throw new InvalidOperationException("listener") },
            SessionHandler = (_, _) => throw new InvalidOperationException("listener"),
            Debug = true,
            OnDebug = (_) => throw new InvalidOperationException("listener"),
        });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);

        await peer.SendAsync(TestRuntime.Execute("s_a", "return 5"));

        Assert.Equal(["session_init", "final"], (await peer.ToEndAsync("s_a")).Types());
    }

    [Fact]
    public async Task A_full_runtime_says_so_and_takes_the_next_when_one_has_ended()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { MaxSessions = 1 });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime), other = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_1", "await callTool('x', {})"));
        await peer.NextAsync("s_1", "tool_call", "session_init");

        await other.SendAsync(TestRuntime.Execute("s_2", "return 1"));
        JsonElement[] refused = await other.ToEndAsync("s_2");

        Assert.Equal(["error", "final"], refused.Types());
        Assert.All(refused, (e) => Assert.Equal("RUNTIME_BUSY", e.Code()));
        await peer.SendAsync("""{"type":"cancel","sessionId":"s_1"}""");
        await peer.NextAsync("s_1", "final", "error", "tool_progress");
        await other.SendAsync(TestRuntime.Execute("s_2", "return 1"));
        Assert.Equal(["session_init", "final"], (await other.ToEndAsync("s_2")).Types());
    }

    [Fact]
    public async Task A_stop_lets_sessions_end_and_takes_no_more()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { DrainTimeout = TimeSpan.FromSeconds(30) });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_1", "return await callTool('x', {})"));
        string id = (await peer.NextAsync("s_1", "tool_call", "session_init")).Payload().Text("callId");

        Task stopping = runtime.StopAsync();
        Assert.Equal(RuntimeWorkerState.Stopping, runtime.GetState());
        await peer.SendAsync(TestRuntime.Execute("s_2", "return 1"));
        JsonElement[] refused = await peer.ToEndAsync("s_2");
        using (var http = new HttpClient()) Assert.Equal(503, (int)(await http.GetAsync(Health(runtime))).StatusCode);
        await peer.SendAsync($$"""{"type":"tool_result","sessionId":"s_1","callId":"{{id}}","success":true,"value":9}""");

        Assert.Equal(9, (await peer.NextAsync("s_1", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetInt32());
        Assert.Equal("RUNTIME_STOPPING", refused[^1].Code());
        Assert.Equal((1001, "Runtime stopping"), await Within.Deadline(peer.Closed, "end of the connection"));
        await Within.Deadline(stopping, "stop");
    }

    /// <summary>The last event is told to handlers before it is sent, and a stop may come in between.</summary>
    [Fact]
    public async Task A_stop_waits_until_the_last_event_is_sent()
    {
        RuntimeWorker? runtime = null;
        bool wasEarly = false;
        await using RuntimeWorker started = runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            DrainTimeout = TimeSpan.FromSeconds(30),
            // Far longer than a stop takes that waits for nothing.
            OnEvent = (sent) => wasEarly |= sent.Payload is Final && Task.WaitAny([runtime!.StopAsync()], TimeSpan.FromSeconds(1)) == 0,
        });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);

        await peer.SendAsync(TestRuntime.Execute("s_1", "return 9"));

        Assert.Equal(9, (await peer.ToEndAsync("s_1"))[^1].Payload().GetProperty("result").GetInt32());
        Assert.Equal((1001, "Runtime stopping"), await Within.Deadline(peer.Closed, "end of the connection"));
        await Within.Deadline(runtime.StopAsync(), "stop");
        Assert.False(wasEarly);
    }

    [Fact]
    public async Task A_stop_with_any_time_stops()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => runtime.StopAsync(TimeSpan.FromSeconds(-5)));

        await Within.Deadline(runtime.StopAsync(TimeSpan.MaxValue), "stop");

        Assert.Equal((1001, "Runtime stopping"), await Within.Deadline(peer.Closed, "end of the connection"));
    }

    [Fact]
    public async Task A_stop_cancels_what_does_not_end()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_1", "await callTool('x', {})"));
        await peer.NextAsync("s_1", "tool_call", "session_init");

        await Within.Deadline(runtime.StopAsync(TimeSpan.Zero), "stop");

        JsonElement error = await peer.NextAsync("s_1", "error", "tool_progress"), final = await peer.NextAsync("s_1", "final");
        Assert.Equal(("Runtime stopping", "SESSION_CANCELLED"), (error.Payload().Text("message"), final.Code()));
        Assert.Equal(1001, (await Within.Deadline(peer.Closed, "end of the connection")).Code);
        Assert.Equal(0, runtime.GetStats().ActiveSessions);
    }

    [Fact]
    public async Task Health_is_told_to_whoever_asks()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Security = new() { SharedSecret = "a secret of sixteen".Replace(' ', '-') } });
        using var http = new HttpClient();

        JsonElement health = JsonDocument.Parse(await http.GetStringAsync(Health(runtime))).RootElement;

        Assert.Equal(("ok", 0, 10, 10), (health.Text("status"), health.GetProperty("activeSessions").GetInt32(),
            health.GetProperty("maxSessions").GetInt32(), health.GetProperty("sessions").GetProperty("max").GetInt32()));
        Assert.Equal((405, "METHOD_NOT_ALLOWED"), await AnswerAsync(http, HttpMethod.Post, Health(runtime)));
        Assert.Equal((404, "NOT_FOUND"), await AnswerAsync(http, HttpMethod.Get, new Uri(Health(runtime), "/other")));
        Assert.Equal((426, "UPGRADE_REQUIRED"), await AnswerAsync(http, HttpMethod.Get, new Uri(Health(runtime), "/ws")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/ws")]
    [InlineData("/own/path")]
    public async Task The_socket_is_at_each_of_its_paths(string path)
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { WsPath = "/own/path" });
        await using TestPeer peer = await TestPeer.ConnectAsync(new Uri(runtime.Address!, path));

        await peer.SendAsync("""{"type":"ping"}""");

        Assert.Equal("pong", (await peer.NextAsync("")).Type());
    }

    private static Uri Health(RuntimeWorker runtime) => new UriBuilder(runtime.Address!) { Scheme = "http", Path = "/health" }.Uri;

    private static async Task<(int Status, string Code)> AnswerAsync(HttpClient http, HttpMethod method, Uri address)
    {
        using HttpResponseMessage answer = await http.SendAsync(new HttpRequestMessage(method, address));
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("code"));
    }
}
