using System.Text;
using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Secrets;

/// <summary>Tools get their secrets, or a clear error.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private readonly ManualClock _time = new();
    private readonly LogLines _log = new();
    private readonly TestGate _gate = new();
    private EnclaveHost? _host;
    private int _calls;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        if (_host is not null) await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_tool_finds_what_it_names_and_nothing_else()
    {
        Host((name, tenant) => $"{name} of {tenant}");
        string? second = null;
        Tool((context) =>
            (context.Secrets["KEY"], second = context.Secrets.ToString(), Assert.Throws<KeyNotFoundException>(() => context.Secrets["OTHER"]).Message).Message);

        ScriptValue value = await Value("await callTool('a')", "acme");

        Assert.Equal("the tool does not name the secret OTHER in ToolOptions.Secrets", value.AsString());
        Assert.Equal("1 secret", second);
    }

    [Fact]
    public async Task Secrets_are_of_the_runs_tenant_and_looked_up_for_each_call()
    {
        int asked = 0;
        Host((name, tenant) => tenant == "acme" ? $"{++asked}" : null);
        Tool((context) => context.Secrets["KEY"]);

        // Too short to be masked, so the test sees it.
        Assert.Equal("""["1","2"]""", (await Value("[await callTool('a'), await callTool('a')]", "acme")).ToJsonString());
        Assert.Equal("TOOL_SECRET_MISSING", (await Caught("callTool('a')", "none")).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_tool_without_its_secret_is_not_called(string? value)
    {
        Host((_, _) => value);
        Tool((_) => "called");

        Assert.Equal(("ToolError", "TOOL_SECRET_MISSING", "Missing required secret \"KEY\" for tool \"a\""), await Caught("callTool('a')"));
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task Arguments_are_looked_at_first()
    {
        Host((_, _) => null);
        _tools!.Add("typed", (Typed args, ToolContext context, CancellationToken token) => Task.FromResult(1), new ToolOptions { Secrets = ["KEY"] });

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await Caught("callTool('typed', { n: 'x' })")).Code);
        Assert.Equal("TOOL_SECRET_MISSING", (await Caught("callTool('typed', { n: 1 })")).Code);
    }

    [Fact]
    public async Task A_source_that_throws_fails_the_call_and_is_logged()
    {
        Host((_, _) => throw new InvalidOperationException("the vault is sealed"));
        Tool((_) => "called");

        Assert.Equal(("ToolError", "TOOL_FAILED", "a failed"), await Caught("callTool('a')"));
        Assert.Contains(_log.Faults, (fault) => fault.Contains("the vault is sealed", StringComparison.Ordinal));
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_waited_for_no_longer_than_a_call_may_take()
    {
        var cancelled = new TaskCompletionSource();
        Host(SecretSources.Of(async (_, _, token) =>
        {
            token.Register(cancelled.SetResult);
            _gate.Arrive();
            await Task.Delay(Timeout.Infinite, token);
            return null;
        }));
        Tool((_) => "called", TimeSpan.FromSeconds(2));

        Task<(string, string, string)> caught = Caught("callTool('a')");
        await _gate.Arrival("question for the secret");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(
            ("ToolError", "TOOL_TIMEOUT", "a had not answered after 2 s (its Timeout; --tool-timeout at the command line): ask it for less, or raise it"),
            await caught);
        await Within.Deadline(cancelled.Task, "cancelled token");
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task A_value_that_is_no_secret_any_more_is_refused()
    {
        Host((_, _) => new string('x', 65_537));
        Tool((_) => "called");

        Assert.Equal("TOOL_FAILED", (await Caught("callTool('a')")).Code);
        Assert.Contains(_log.Faults, (fault) => fault.Contains("65537 characters; at most 65536", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approval_is_asked_for_before_the_secret_and_does_not_see_it()
    {
        var order = new List<string>();
        Host(
            (_, _) =>
            {
                order.Add("secret");
                return "value-of-the-key";
            },
            (options) => options.OnToolApproval = (request) =>
            {
                order.Add($"approval with {request.Context.Secrets}");
                return new ValueTask<ToolApproval>(ToolApproval.Approved);
            });
        _tools!.Add("asked", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(context.Secrets["KEY"].Length),
            new ToolOptions { Secrets = ["KEY"], RequiresApproval = true });

        Assert.Equal(16, (await Value("await callTool('asked')")).AsInt32());
        Assert.Equal(["approval with 0 secrets", "secret"], order);
    }

    [Fact]
    public void A_host_whose_tools_need_secrets_has_a_source()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("a", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(1), new ToolOptions { Secrets = ["KEY"] });

        var fault = Assert.Throws<ArgumentException>(() => new EnclaveHost(options));

        Assert.Contains("Secrets is null; expected a source, since tool a needs the secret KEY", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../passwd")]
    [InlineData("a b")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public void A_secret_has_a_name(string name)
    {
        var tools = new ToolCollection();

        Assert.Throws<ArgumentException>(
            () => tools.Add("a", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(1), new ToolOptions { Secrets = [name] }));
    }

    [Fact]
    public void A_tool_has_only_so_many_secrets()
    {
        var tools = new ToolCollection();

        Assert.Throws<ArgumentException>(() => tools.Add("a", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(1),
            new ToolOptions { Secrets = [.. Enumerable.Range(0, 21).Select((n) => $"K{n}")] }));
    }

    [Fact]
    public async Task A_source_comes_out_of_the_container()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new StringBuilder("from the container"));
        services.AddEnclave((options) => options.Tools.Add("a", (ScriptValue args, ToolContext context,
            CancellationToken token) => Task.FromResult(context.Secrets["KEY"].Length), new ToolOptions { Secrets = ["KEY"] })).UseSecrets<Vault>();
        await using ServiceProvider provider = services.BuildServiceProvider();

        ExecutionResult result = await Within.Deadline(provider.GetRequiredService<IEnclave>().RunAsync("return await callTool('a')"), "answer");

        Assert.Equal("from the container".Length, result.Value.AsInt32());
    }

    private sealed record Typed(int N);

    private sealed class Vault(StringBuilder text) : ISecretSource
    {
        public ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken) => new(text.ToString());
    }

    private ToolCollection? _tools;
    private EnclaveOptions? _options;

    private void Host(Func<string, string?, string?> find, Action<EnclaveOptions>? configure = null) =>
        Host(SecretSources.Of((name, tenant, _) => new ValueTask<string?>(find(name, tenant))), configure);

    private void Host(ISecretSource source, Action<EnclaveOptions>? configure = null)
    {
        _options = new EnclaveOptions { TimeProvider = _time, Secrets = source }.WithoutGuard();
        _tools = _options.Tools;
        configure?.Invoke(_options);
    }

    private void Tool(Func<ToolContext, string> body, TimeSpan? timeout = null) => _tools!.Add(
        "a",
        (ScriptValue args, ToolContext context, CancellationToken token) =>
        {
            _calls++;
            return Task.FromResult(body(context));
        },
        new ToolOptions { Secrets = ["KEY"], Timeout = timeout });

    private async Task<ScriptValue> Value(string expression, string? tenant = null)
    {
        _host ??= new EnclaveHost(_options, _log);
        ExecutionResult result = await Within.Deadline(_host.RunAsync($"return {expression}", new RunOptions { Tenant = tenant }), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return result.Value;
    }

    private async Task<(string Name, string Code, string Message)> Caught(string call, string? tenant = null)
    {
        ScriptValue error = await Value(
            $"await {call}.then(() => ({{ name: 'none', code: '', message: '' }}), (e) => ({{ name: e.name, code: e.code, message: e.message }}))", tenant);
        return (error["name"].AsString(), error["code"].AsString(), error["message"].AsString());
    }
}
