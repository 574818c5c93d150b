using Enclave.Guard;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Hosting;

/// <summary>The parts that an application adds through the builder.</summary>
public sealed class BuilderTests
{
    [Fact]
    public async Task A_tool_comes_out_of_a_scope_of_its_call_with_what_it_needs()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Ledger>();
        services.AddScoped<Connection>();
        services.AddEnclave((options) => options.ToolHandler = static (name, _, _) => new(name)).AddTool<Book>();
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

        ExecutionResult result = await provider.GetRequiredService<IEnclave>().RunAsync(
            "const a = await callTool('ledger:book', { amount: 5 }); const b = await callTool('ledger:book', { amount: 7 }); return [a.connection, " +
            "b.connection, a.tenant, await callTool('unbound', {})]",
            new RunOptions { Tenant = "acme" });

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("""[1,2,"acme","unbound"]""", result.Value.ToJsonString());
        Assert.Equal("open 1, book 5, close 1, open 2, book 7, close 2", provider.GetRequiredService<Ledger>().ToString());
    }

    [Fact]
    public async Task A_tool_that_is_registered_as_a_singleton_is_one()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Counter>();
        services.AddEnclave().AddTool<Counter>();
        await using ServiceProvider provider = services.BuildServiceProvider();

        ExecutionResult result = await provider.GetRequiredService<IEnclave>().RunAsync("await callTool('count', {}); return await callTool('count', {})");

        Assert.Equal(2, result.Value.AsInt32());
    }

    [Fact]
    public async Task A_tools_own_limits_hold_unless_the_application_changes_them()
    {
        var services = new ServiceCollection();
        services.AddEnclave().AddTool<Counter>((limits) => limits with { MaxCalls = 1 });
        await using ServiceProvider provider = services.BuildServiceProvider();

        ToolDefinition tool = Assert.Single(provider.GetRequiredService<IOptions<EnclaveOptions>>().Value.Tools);

        Assert.Equal(("count", "Counts its calls.", 1), (tool.Name, tool.Description, tool.Options.MaxCalls));
    }

    [Fact]
    public void A_class_that_says_no_arguments_is_no_tool()
    {
        var fault = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEnclave().AddTool<Nameless>());

        Assert.Contains("does not implement ITool<TArguments, TResult>", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scorer_comes_out_of_the_container_and_keeps_the_thresholds_that_were_set()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Ledger>();
        services.AddEnclave().UseScorer<Suspicion>().Configure((options) => options.Scoring = new ScoringOptions { BlockThreshold = 50 });
        await using ServiceProvider provider = services.BuildServiceProvider();
        var enclave = provider.GetRequiredService<IEnclave>();

        ExecutionResult fine = await enclave.RunAsync("return 1"), blocked = await enclave.RunAsync("const password = 1; return password");

        Assert.True(fine.Success, fine.Error?.Message);
        Assert.Equal(ErrorCode.ScoringBlocked, blocked.Error!.Code);
        Assert.Equal("scored, scored", provider.GetRequiredService<Ledger>().ToString());
    }

    [Fact]
    public async Task A_reference_store_comes_out_of_the_container()
    {
        var services = new ServiceCollection();
        services.AddSingleton<MemoryReferenceStore>((_) => new MemoryReferenceStore());
        services.AddEnclave().UseReferenceStore<MemoryReferenceStore>().Configure((options) =>
        {
            options.Sidecar = new SidecarOptions { Threshold = 1024 };
            options.ToolHandler = static (_, _, _) => new(new string('x', 2000));
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        ExecutionResult result = await provider.GetRequiredService<IEnclave>()
            .RunAsync("const text = await callTool('text', {}); return [typeof text, (await text.load()).length]");

        Assert.Equal("[\"object\",2000]", result.Success ? result.Value.ToJsonString() : result.Error!.Message);
        Assert.Same(provider.GetRequiredService<MemoryReferenceStore>(), provider.GetRequiredService<IOptions<EnclaveOptions>>().Value.Sidecar.Storage);
    }

    [Fact]
    public async Task The_first_call_decides_and_later_ones_add()
    {
        var services = new ServiceCollection();
        services.AddEnclave((options) => options.MaxToolCalls = 1);
        services.AddEnclave((options) => options.VerboseErrors = true);
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnclaveOptions options = provider.GetRequiredService<IOptions<EnclaveOptions>>().Value;

        Assert.Equal((1, true), (options.MaxToolCalls, options.VerboseErrors));
        Assert.Same(provider.GetRequiredService<EnclaveHost>(), Assert.Single(provider.GetServices<IEnclave>()));
    }

    internal sealed class Ledger
    {
        private readonly List<string> _lines = [];

        public int Connections { get; set; }

        public void Add(string line)
        {
            lock (_lines) _lines.Add(line);
        }

        public override string ToString() => string.Join(", ", _lines);
    }

    internal sealed class Connection : IAsyncDisposable
    {
        private readonly Ledger _ledger;

        public Connection(Ledger ledger)
        {
            (_ledger, Number) = (ledger, ++ledger.Connections);
            ledger.Add($"open {Number}");
        }

        public int Number { get; }

        public ValueTask DisposeAsync()
        {
            _ledger.Add($"close {Number}");
            return ValueTask.CompletedTask;
        }
    }

    internal sealed class Book(Ledger ledger, Connection connection) : ITool<Book.Arguments, Book.Entry>
    {
        public static string Name => "ledger:book";

        public async Task<Entry> CallAsync(Arguments arguments, ToolContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            ledger.Add($"book {arguments.Amount}");
            return new Entry(connection.Number, context.Tenant);
        }

        internal sealed record Arguments(int Amount);

        internal sealed record Entry(int Connection, string? Tenant);
    }

    internal sealed class Counter : ITool<Counter.Nothing, int>
    {
        private int _calls;

        public static string Name => "count";

        public static ToolOptions Options => new() { Description = "Counts its calls.", MaxCalls = 10 };

        public Task<int> CallAsync(Nothing arguments, ToolContext context, CancellationToken cancellationToken) =>
            Task.FromResult(Interlocked.Increment(ref _calls));

        internal sealed record Nothing;
    }

    internal sealed class Nameless : ITool
    {
        public static string Name => "nameless";
    }

    internal sealed class Suspicion(Ledger ledger) : IScriptScorer
    {
        public ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
        {
            ledger.Add("scored");
            return new(request.Code.Contains("password", StringComparison.Ordinal)
                ? new ScoreResult(60, [new ScoreSignal("PASSWORD", 60, "")])
                : new ScoreResult(0, []));
        }
    }
}
