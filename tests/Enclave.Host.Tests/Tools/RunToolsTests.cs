using System.Diagnostics.CodeAnalysis;
using Enclave.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Tools;

/// <summary>Tools of one run, and tools that change during a host's life.</summary>
public sealed class RunToolsTests : IAsyncLifetime
{
    private readonly EnclaveOptions _options = new();
    private EnclaveHost _host = null!;

    public ValueTask InitializeAsync()
    {
        _options.Tools.Add("who", () => "host").Add("both", () => "host");
        _host = new EnclaveHost(_options);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Tools_of_a_run_come_before_those_of_the_host_and_are_its_own_alone()
    {
        var own = new RunOptions { Tools = new ToolCollection().Add("both", () => "run").Add("mine", () => "run") };

        Assert.Equal("[\"host\",\"run\",\"run\"]", await Value("[await callTool('who'), await callTool('both'), await callTool('mine')]", own));
        Assert.Equal("[\"host\",\"TOOL_UNKNOWN\"]", await Value("[await callTool('both'), await callTool('mine').catch((e) => e.code)]", null));
        Assert.Contains("callTool(name: 'mine'", _host.DescribeForModel(options: own), StringComparison.Ordinal);
        Assert.Single(_host.DescribeForModel(options: own).Split("callTool(name: 'both'")[1..]);
        Assert.DoesNotContain("'mine'", _host.DescribeForModel(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_closes_its_collection_which_many_runs_may_have()
    {
        ToolCollection tools = new ToolCollection().Add("mine", () => "run");
        var own = new RunOptions { Tools = tools };
        await Value("1", own);

        Assert.Throws<InvalidOperationException>(() => tools.Add("late", () => "run"));
        Assert.Equal("\"run\"", await Value("await callTool('mine')", own));
    }

    [Fact]
    public async Task A_tool_of_a_run_takes_services_in_a_scope_of_its_call()
    {
        var services = new ServiceCollection();
        services.AddScoped<Counter>();
        services.AddSingleton(new Prefix("order "));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var own = new RunOptions
        {
            Tools = new ToolCollection(provider).Add("name", (int id, Prefix prefix, Counter counter) => $"{prefix.Text}{id} {++counter.Calls}"),
        };

        Assert.Equal("\"order 7 1 order 8 1\"", await Value("(await callTool('name', { id: 7 })) + ' ' + (await callTool('name', { id: 8 }))", own));
    }

    [Fact]
    public async Task A_tool_class_of_a_run_comes_from_the_services_or_is_made_for_the_call()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new Prefix("order "));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var own = new RunOptions { Tools = new ToolCollection(provider).AddTool<NameTool>() };

        Assert.Equal("\"order 7\"", await Value("await callTool('orders:name', { id: 7 })", own));
    }

    [Fact]
    public async Task A_function_without_parameters_ignores_its_arguments()
    {
        var own = new RunOptions { Tools = new ToolCollection().Add("now", () => 1).Add("later", (ToolContext context) => 2) };

        Assert.Equal("[1,1,2,\"host\"]", await Value(
            "[await callTool('now', { zone: 'UTC' }), await callTool('now'), await callTool('later', { a: { b: 1 } }), await callTool('who', { x: 1 })]", own));
    }

    [Fact]
    public void Services_without_scopes_are_refused() =>
        Assert.Contains("IServiceScopeFactory", Assert.Throws<ArgumentException>(() => new ToolCollection(new NoServices())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Limits_count_over_the_runs_of_one_collection()
    {
        var own = new RunOptions
        {
            Tenant = "acme",
            Tools = new ToolCollection().Add("mine", () => "run", new ToolOptions { RateLimit = new ToolRateLimit(1, TimeSpan.FromHours(1)) }),
        };

        Assert.Equal("\"run\"", await Value("await callTool('mine')", own));
        Assert.Equal("\"TOOL_RATE_LIMITED\"", await Value("await callTool('mine').catch((e) => e.code)", own));
    }

    [Fact]
    public async Task Tools_that_the_host_cannot_serve_are_refused_at_once()
    {
        var approved = new RunOptions { Tools = new ToolCollection().Add("pay", () => 1, new ToolOptions { RequiresApproval = true }) };
        var secret = new RunOptions { Tools = new ToolCollection().Add("rates", () => 1, new ToolOptions { Secrets = ["KEY"] }) };

        Assert.Contains("OnToolApproval is null", (await Assert.ThrowsAsync<ArgumentException>(() => _host.RunAsync("return 1", approved))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Secrets is null", (await Assert.ThrowsAsync<ArgumentException>(() => _host.RunAsync("return 1", secret))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sequence_policy_judges_tools_of_a_run_too()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { SequencePolicy = SequencePolicyOptions.Strict });
        var own = new RunOptions
        {
            Tools = new ToolCollection()
                .Add("read", () => "secret", new ToolOptions { Effects = ToolEffects.Reads, Labels = ["pii"] })
                .Add("send", (string text) => text, new ToolOptions { Effects = ToolEffects.Sends }),
        };

        ExecutionResult result = await host.RunAsync("const text = await callTool('read'); return await callTool('send', { text })", own);

        Assert.Equal("TOOL_SEQUENCE_BLOCKED", (string)result.Error!.Data!["code"]!);
    }

    [Fact]
    public async Task A_source_may_change_its_tools_while_the_host_runs()
    {
        var source = new ChangingSource();
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        Assert.Contains(
            "is a name of the service live", Assert.Throws<ArgumentException>(() => options.Tools.Add("live:own", () => 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => options.Tools.Add(source));
        await using var host = new EnclaveHost(options);

        Assert.Equal("TOOL_UNKNOWN", (await host.RunAsync("return await callTool('live:a').catch((e) => e.code)")).Value.AsString());
        source.Set("live:a");
        Assert.Equal("live:a", (await host.RunAsync("return await callTool('live:a')")).Value.AsString());
        Assert.Contains("'live:a'", host.DescribeForModel(), StringComparison.Ordinal);
        source.Set("live:b");
        Assert.Equal("TOOL_UNKNOWN", (await host.RunAsync("return await callTool('live:a').catch((e) => e.code)")).Value.AsString());
    }

    private async Task<string> Value(string expression, RunOptions? options)
    {
        ExecutionResult result = await _host.RunAsync($"return {expression}", options);
        Assert.True(result.Success, result.Error?.Message);
        return result.Value.ToJsonString();
    }

    private sealed class ChangingSource : ToolSource
    {
        private volatile ToolDefinition[] _tools = [];

        public override string Name => "live";

        public override IReadOnlyList<ToolDefinition> Tools => _tools;

        public void Set(string name) => _tools = [ToolDefinition.Create(name, default, (args, context, token) => new ValueTask<object?>(name))];

        protected internal override bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool)
        {
            tool = _tools.FirstOrDefault((known) => known.Name == name);
            return tool is not null;
        }
    }

    private sealed record Prefix(string Text);

    private sealed class Counter
    {
        public int Calls { get; set; }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed record NameArguments(int Id);

    private sealed class NameTool(Prefix prefix) : ITool<NameArguments, string>
    {
        public static string Name => "orders:name";

        public Task<string> CallAsync(NameArguments arguments, ToolContext context, CancellationToken cancellationToken) =>
            Task.FromResult($"{prefix.Text}{arguments.Id}");
    }
}
