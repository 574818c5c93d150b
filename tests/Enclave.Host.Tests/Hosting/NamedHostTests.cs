using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Enclave.Guard;
using Enclave.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Hosting;

/// <summary>Several hosts in one application, each with its key.</summary>
[Collection(Alone.Name)]
public sealed class NamedHostTests
{
    [Fact]
    public async Task Each_has_options_tools_and_workers_of_its_own()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<BuilderTests.Ledger>();
        builder.Services.AddEnclave((options) => options.WorkerPool = Small);
        builder.Services.AddEnclave("a", (options) => options.WorkerPool = Small)
            .AddTool<BuilderTests.Counter>().Configure((options) => options.MaxToolCalls = 3);
        builder.Services.AddEnclave("b", Section("""{ "WorkerPool": { "MaxWorkers": 1 }, "Globals": { "who": "b" } }""")).UseScorer<RuleBasedScorer>();
        builder.Services.AddEnclave("a").Configure((options) => options.VerboseErrors = true);
        using IHost app = builder.Build();
        await app.StartAsync();
        IEnclave one = app.Services.GetRequiredService<IEnclave>(), a = app.Services.GetRequiredKeyedService<IEnclave>("a"),
            b = app.Services.GetRequiredKeyedService<IEnclave>("b");

        ExecutionResult ofA = await a.RunAsync("return await callTool('count', {})"), ofB = await b.RunAsync("return who"),
            ofOne = await one.RunAsync("return await callTool('count', {})");

        Assert.Equal((1, "b", ErrorCode.ToolError), (ofA.Value.AsInt32(), ofB.Value.AsString(), ofOne.Error!.Code));
        Assert.Equal(3, ((IEnclave[])[one, a, b]).Distinct().Count());
        Assert.All((IEnclave[])[one, a, b], (host) => Assert.Equal(1, host.GetSnapshot().MaxWorkers));
        EnclaveOptions options = app.Services.GetRequiredService<IOptionsMonitor<EnclaveOptions>>().Get("a");
        Assert.Equal((3, true), (options.MaxToolCalls, options.VerboseErrors));
        await app.StopAsync();
        Assert.All((IEnclave[])[one, a, b], (host) => Assert.Equal(0, host.GetSnapshot().Workers));
    }

    [Fact]
    public async Task A_wrong_option_of_any_of_them_ends_the_start()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddEnclave("a", (options) => options.MaxToolCalls = -1);
        using IHost app = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal("a", fault.OptionsName);
        Assert.Contains("MaxToolCalls is -1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_has_a_health_check_of_its_own()
    {
        TestedEngine.NeedsNative("a jail: its hosts are degraded");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEnclave((options) => options.WorkerPool = Small).AddHealthCheck();
        services.AddEnclave("a", (options) => options.WorkerPool = Small).AddHealthCheck();
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredKeyedService<EnclaveHost>("a").DisposeAsync();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync((check) => check.Tags.Contains("ready"));

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (report.Entries["enclave"].Status, report.Entries["enclave:a"].Status));
    }

    [Fact]
    public async Task Figures_and_spans_say_whose_they_are_and_those_without_a_name_say_nothing()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddEnclave((options) => options.WorkerPool = Small);
        services.AddEnclave("a", (options) => options.WorkerPool = Small);
        await using ServiceProvider provider = services.BuildServiceProvider();
        object meters = provider.GetRequiredService<IMeterFactory>();
        var figures = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is "enclave.jobs.duration" or "enclave.workers.free")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => figures.Enqueue($"{instrument.Name} {Text(tags)}"));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => figures.Enqueue($"{instrument.Name} {value} {Text(tags)}"));
        listener.Start();
        var spans = new ConcurrentQueue<string>();
        using var spies = new ActivityListener
        {
            ShouldListenTo = (source) => source.Name == "Enclave",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = (span) =>
            {
                if (span.OperationName == "enclave.run") spans.Enqueue($"{span.GetTagItem("enclave.host")}");
            },
        };
        ActivitySource.AddActivityListener(spies);

        await provider.GetRequiredService<IEnclave>().RunAsync("return 1");
        await provider.GetRequiredKeyedService<IEnclave>("a").RunAsync("return 1");
        listener.RecordObservableInstruments();

        Assert.Equal(["", "a"], spans);
        Assert.Equal(
            ["enclave.jobs.duration code=OK,level=STANDARD", "enclave.jobs.duration code=OK,level=STANDARD,host=a", "enclave.workers.free 1 ",
                "enclave.workers.free 1 host=a"],
            figures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_container_that_is_disposed_without_awaiting_ends_its_hosts()
    {
        var services = new ServiceCollection();
        services.AddEnclave((options) => options.WorkerPool = Small);
        services.AddEnclave("a", (options) => options.WorkerPool = Small);
        ServiceProvider provider = services.BuildServiceProvider();
        IEnclave[] hosts = [provider.GetRequiredService<IEnclave>(), provider.GetRequiredKeyedService<IEnclave>("a")];
        foreach (IEnclave host in hosts) Assert.True((await host.RunAsync("return 1")).Success);

#pragma warning disable CA1849 // This is what is tested.
        provider.Dispose();
#pragma warning restore CA1849

        foreach (IEnclave host in hosts)
        {
            Assert.Equal(0, host.GetSnapshot().Workers);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => host.RunAsync("return 1"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void An_invalid_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEnclave(name));

    private static WorkerPoolOptions Small => WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 };

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var words = new List<string>();
        foreach (KeyValuePair<string, object?> tag in tags) words.Add($"{tag.Key}={tag.Value}");
        return string.Join(',', words);
    }

    private static IConfigurationSection Section(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Enclave": {{json}} }"""))).Build().GetSection("Enclave");
}
