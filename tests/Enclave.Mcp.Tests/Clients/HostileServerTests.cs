using Microsoft.Extensions.Logging;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>A server that means harm costs its own tools, and nothing else.</summary>
public sealed class HostileServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("many-tools", "more than 1000 tools")]
    [InlineData("endless-pages", "more than 1000 ")]
    [InlineData("silent", "no answer")]
    [InlineData("silent-list", "cannot be read within 10 s")]
    public async Task A_server_without_bounds_is_refused_when_it_is_connected(string harm, string why)
    {
        var time = TimeSpan.FromSeconds(harm switch { "silent" => 1, "silent-list" => 10, _ => 30 });

        var refusal = await Assert.ThrowsAsync<McpSourceException>(
            () => McpToolSource.ConnectAsync(Options(harm) with { ConnectTimeout = time }, null, Token));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_that_takes_too_long_ends_with_its_time()
    {
        int seen = 0;
        bool isSlow = false;
        using var never = new ManualResetEventSlim();
        McpSourceOptions options = Options("thousand-tools") with
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            Include = (_) =>
            {
                Interlocked.Increment(ref seen);
                if (Volatile.Read(ref isSlow)) never.Wait(TimeSpan.FromMilliseconds(20), Token);
                return true;
            },
        };
        await using McpToolSource source = await McpToolSource.ConnectAsync(options, null, Token);
        Volatile.Write(ref isSlow, true);

        var refusal = await Assert.ThrowsAsync<McpSourceException>(() => source.RefreshAsync(Token));

        int atTheEnd = Volatile.Read(ref seen);
        await Task.Delay(500, Token);
        Assert.Equal(atTheEnd, Volatile.Read(ref seen));
        Assert.Contains("cannot be read within 5 s (ConnectTimeout)", refusal.Message, StringComparison.Ordinal);
        // It stays as it was.
        Assert.Equal(1000, source.Tools.Count);
    }

    [Fact]
    public async Task Names_and_descriptions_cannot_leave_their_place()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("odd-names"), null, Token);
        await using EnclaveHost enclave = Host(source);

        string text = enclave.DescribeForModel();

        Assert.Equal(["a____declare_const_evil__any", "same", "same_2", "sa_me", "sa_me_2", new string('x', 120), "proto", "constructor"],
            source.Tools.Select((tool) => tool.Name["hostile:".Length..]));
        Assert.Contains("neither letters nor digits", Assert.Single(source.Skipped), StringComparison.Ordinal);
        Assert.DoesNotContain("*/ declare", text, StringComparison.Ordinal);
        Assert.DoesNotContain("*/ evil", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, (letter) => letter is '\u0000' or '\u202e' or '\r' || char.IsSurrogate(letter));
        Assert.InRange(text.Length, 1, 20_000);
        Assert.Equal("answered", (await enclave.RunAsync("return await callTool('hostile:constructor')")).Value.AsString());
    }

    [Fact]
    public async Task A_wrong_declaration_costs_its_own_tool_alone()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("wrong-tools"), null, Token);
        await using EnclaveHost enclave = Host(source);

        string[] taken = ["no_type", "a_list", "no_schema_at_all", "odd_description", "odd_output", "odd_hints", "perhaps_a_task", "no_task", "act"];
        Assert.Equal(taken.Select((name) => $"hostile:{name}"), source.Tools.Select((tool) => tool.Name));
        Assert.Equal([.. Enumerable.Repeat("a tool without a name", 4), "a_task"], source.Skipped.Select((skipped) => skipped.Split(':')[0]));
        Assert.Equal("a_task: it runs only as a task, and tasks are not supported", source.Skipped[^1]);
        Assert.All(source.Skipped, (skipped) => Assert.InRange(skipped.Length, 20, 500));
        Assert.True((await enclave.RunAsync("return await callTool('hostile:act')")).Success);
    }

    [Fact]
    public async Task A_schema_bomb_stays_bounded_and_its_tools_can_be_called()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("schema-bomb"), null, Token);
        await using EnclaveHost enclave = Host(source);

        Assert.All(source.Tools, (tool) => Assert.InRange(tool.ArgumentsSchema.ToJsonString().Length, 2, 300_000));
        Assert.InRange(enclave.DescribeForModel().Length, 1, 500_000);
        ExecutionResult called = await enclave.RunAsync("return await callTool('hostile:wide', { m1: 'a' })");
        Assert.True(called.Success, called.Error?.Message);
        // A schema without an end holds nothing, and the server checks what it gets.
        Assert.Empty(source.Skipped);
        Assert.True((await enclave.RunAsync("return await callTool('hostile:round', { a: 1 })")).Success);
    }

    [Fact]
    public async Task Of_a_schema_that_cannot_be_held_whole_the_rest_is_held_and_no_tool_is_lost()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("loose-tools"), null, Token);
        await using EnclaveHost enclave = Host(source);

        Assert.Empty(source.Skipped);
        Assert.Equal(
            ["any_of", "null_properties", "upper_case", "python", "dangling", "emoji", "old_draft", "remote", "null_members", "no_output"],
            source.Tools.Select((tool) => tool.Name.Split(':')[1]));
        Assert.Equal("Cut \ufffd here", source.Tools.Single((tool) => tool.Name == "hostile:emoji").Description);
        foreach ((string call, string outcome) in ((string, string)[])
            [
                ("hostile:any_of', { a: 'x' }", "answered"), ("hostile:any_of', { a: 1 }", "TOOL_INVALID_ARGUMENTS"),
                ("hostile:upper_case', { n: 1, list: ['x'] }", "answered"), ("hostile:upper_case', { n: 'x' }", "TOOL_INVALID_ARGUMENTS"),
                ("hostile:upper_case', { n: 1, list: [2] }", "TOOL_INVALID_ARGUMENTS"), ("hostile:python', { year: '2026', n: 1 }", "answered"),
                ("hostile:python', { year: 'x', n: 'x' }", "TOOL_INVALID_ARGUMENTS"), ("hostile:dangling', { pet: 7, n: 1 }", "answered"),
                ("hostile:dangling', { pet: 7, n: 'x' }", "TOOL_INVALID_ARGUMENTS"), ("hostile:null_members', { a: 1 }", "answered"),
            ])
        {
            ExecutionResult result = await enclave.RunAsync($"try {{ return await callTool('{call}) }} catch (e) {{ return e.code }}");
            Assert.True(outcome == result.Value.ToString().Trim('"'), $"{call}: {result.Value} {result.Error}");
        }
    }

    [Fact]
    public async Task Answers_that_the_library_does_not_read_reach_the_script()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("odd-answers"), null, Token);
        await using EnclaveHost enclave = Host(source);
        const string Code = """
            const outcomes = [];
            for (let i = 0; i < 12; i++) {
              try {
                outcomes.push(await callTool('hostile:act', { i }));
              } catch (e) {
                outcomes.push(`${e.code}: ${e.message}`);
              }
            }
            return outcomes;
            """;

        ExecutionResult result = await enclave.RunAsync(Code);

        Assert.True(result.Success, $"{result.Error}");
        string[] outcomes = [.. result.Value.Items.Select((one) => one.Kind == Protocol.ScriptValueKind.String ? one.AsString() : one.ToJsonString())];
        Assert.Equal(["plain", "null", "empty"], outcomes[..3]);
        Assert.StartsWith("[{\"type\":\"resource_link\",", outcomes[3], StringComparison.Ordinal);
        Assert.Equal(["half \ufffd", "marked", "as text"], outcomes[4..7]);
        Assert.Equal("{\"type\":\"widget\",\"size\":3}", outcomes[7]);
        foreach ((int at, string why) in ((int, string)[])[(8, "boom"), (9, "no code"), (10, "the server sent an unreadable answer")])
        {
            Assert.StartsWith("MCP_REFUSED: hostile:act failed: ", outcomes[at], StringComparison.Ordinal);
            Assert.EndsWith(why, outcomes[at], StringComparison.Ordinal);
        }

        Assert.Equal("both", outcomes[11]);
    }

    [Theory]
    [InlineData("endless-line", "MCP_DISCONNECTED")]
    [InlineData("flood", "answered")]
    [InlineData("list-changed-flood", "answered")]
    [InlineData("death", "MCP_DISCONNECTED")]
    [InlineData("twice", "first|second")]
    [InlineData("garbage", "answered")]
    [InlineData("asks-back", "answered")]
    [InlineData("wrong-result", "MCP_DISCONNECTED")]
    [InlineData("odd-result", "TOOL_RESULT_INVALID")]
    [InlineData("error", "MCP_REFUSED")]
    [InlineData("large-result", "MCP_DISCONNECTED")]
    [InlineData("deep-result", "MCP_REFUSED")]
    [InlineData("many-values", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("many-parts", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("noisy", "answered")]
    public async Task A_call_that_goes_wrong_fails_alone(string harm, string outcome)
    {
        // A busy machine takes long to write and to read 30 MB.
        TimeSpan patience = outcome.Contains("TOOL_TIMEOUT", StringComparison.Ordinal) ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(25);
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(harm) with { CallTimeout = patience }, null, Token);
        await using EnclaveHost enclave = Host(source);

        ExecutionResult result = await enclave.RunAsync(
            "const said = await callTool('hostile:act').catch((e) => e.code); return [said, await callTool('fine')]",
            new RunOptions { Timeout = TimeSpan.FromMinutes(1) });

        Assert.True(result.Success, result.Error?.Message);
        Assert.Contains(result.Value[0].AsString(), outcome.Split('|'));
        Assert.Equal("fine", result.Value[1].AsString());
    }

    [Fact]
    public async Task A_call_that_is_over_is_cancelled_at_the_server()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("forgetful") with { CallTimeout = TimeSpan.FromMilliseconds(500) }, null,
            Token);
        await using EnclaveHost enclave = Host(source);

        ExecutionResult result = await enclave.RunAsync(
            "const first = await callTool('hostile:act').catch((e) => e.code); return [first, await callTool('hostile:act')]");

        Assert.Equal("[\"TOOL_TIMEOUT\",\"cancelled 1\"]", result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_late_answer_is_nobodys()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("late") with { CallTimeout = TimeSpan.FromMilliseconds(300) }, null, Token);
        await using EnclaveHost enclave = Host(source);

        ExecutionResult result = await enclave.RunAsync(
            "const first = await callTool('hostile:act').catch((e) => e.code); return [first, await callTool('hostile:act')]");

        Assert.Equal("[\"TOOL_TIMEOUT\",\"in time\"]", result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_server_that_does_not_read_holds_its_own_calls_only()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("deaf") with { CallTimeout = TimeSpan.FromMilliseconds(500) }, null, Token);
        await using EnclaveHost enclave = Host(source);

        ExecutionResult result = await enclave.RunAsync(
            """
            const long = 'x'.repeat(90000), said = await callTool('hostile:act', { text: long, more: long }).catch((e) => e.code);
            return [said, await callTool('fine')]
            """);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("[\"TOOL_TIMEOUT\",\"fine\"]", result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_program_that_does_not_start_is_named_and_its_secret_is_not()
    {
        var secrets = SecretSources.Of((name, tenant, token) => new ValueTask<string?>("s3cr3t-of-the-server"));
        using var log = new ListLog();
        McpCommand command = new("sh")
        {
            Arguments = ["-c", "echo key is $KEY >&2; exit 1"],
            SecretEnvironment = new Dictionary<string,
            string>
            { ["KEY"] = "{K}" }
        };

        var missing = await Assert.ThrowsAsync<McpSourceException>(
            () => McpToolSource.ConnectAsync(new McpSourceOptions { Name = "a", Command = new McpCommand("no-such-program") }, log, Token));
        var ended = await Assert.ThrowsAsync<McpSourceException>(
            () => McpToolSource.ConnectAsync(new McpSourceOptions { Name = "a", Command = command, Secrets = secrets }, log, Token));

        Assert.Contains("no-such-program", missing.Message, StringComparison.Ordinal);
        Assert.Contains("key is ***", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", ended + string.Concat(log.Lines), StringComparison.Ordinal);
    }

    private static McpSourceOptions Options(string harm) => new() { Name = "hostile", Command = NpmServer.Hostile(harm) };

    private static EnclaveHost Host(McpToolSource source)
    {
        var options = new EnclaveOptions();
        options.Tools.Add(source).Add("fine", () => "fine");
        return new EnclaveHost(options);
    }

    private sealed class ListLog : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add($"{formatter(state, exception)} {exception}");
        }
    }
}
