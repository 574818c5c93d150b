using System.Text;
using Enclave.Guard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Hosting;

/// <summary>Options from an application's configuration.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Levels_times_sizes_and_lists_are_read_as_people_write_them()
    {
        EnclaveOptions options = Bind("""
            {
              "SecurityLevel": "STRICT", "Preset": "Secure", "Validate": "false", "Timeout": "1500ms", "CpuTimeout": "00:00:02", "MemoryLimit": "48MB",
              "MaxToolCalls": 7,
              "GuardCacheBytes": 1048576, "Adapter": "worker-pool", "AllowDegradedIsolation": [ "DroppedUser", "ControlGroup" ],
              "EngineDirectory": "/opt/engine",
              "Guard": { "AdditionalDisallowedIdentifiers": [ "secret" ], "AllowedLoops": "For, ForOf",
                "Rules": { "no-eval": "Warning", "unreachable-code": "" }, "MaxIssues": 5 },
              "Scoring": { "BlockThreshold": 60, "CacheTtl": "1m", "OnFailure": "Block" },
              "ApprovalTimeout": "2m", "TraceTenant": true,
              "Globals": { "currency": "EUR", "rate": 1.5, "on": true, "zip": "007", "list": [ 1, "x" ], "deep": { "a": 1 } }
            }
            """);

        Assert.Equal((SecurityLevel.Strict, GuardPreset.Secure, false), (options.SecurityLevel, options.Preset, options.Validate));
        Assert.Equal((TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2), 48L << 20, 7), (
            options.Timeout, options.CpuTimeout, options.MemoryLimit, options.MaxToolCalls));
        Assert.Equal((1L << 20, "/opt/engine", TimeSpan.FromMinutes(2), true), (
            options.GuardCacheBytes, options.EngineDirectory, options.ApprovalTimeout, options.TraceTenant));
        Assert.Same(EnclaveAdapter.WorkerPool, options.Adapter);
        Assert.Equal([IsolationLayer.DroppedUser, IsolationLayer.ControlGroup], options.AllowDegradedIsolation);
        Assert.Equal(["secret"], options.Guard.AdditionalDisallowedIdentifiers);
        Assert.Equal((LoopKinds.For | LoopKinds.ForOf, 5), (options.Guard.AllowedLoops, options.Guard.MaxIssues));
        Assert.Equal((IssueSeverity.Warning, null), (options.Guard.Rules["no-eval"], options.Guard.Rules["unreachable-code"]));
        Assert.Equal((60, 40, TimeSpan.FromMinutes(1), FailureMode.Block), (
            options.Scoring!.BlockThreshold, options.Scoring.WarnThreshold, options.Scoring.CacheTtl, options.Scoring.OnFailure));
        Assert.Equal(("EUR", 1.5, true, "007"), (options.Globals!["currency"], options.Globals["rate"], options.Globals["on"], options.Globals["zip"]));
        Assert.Equal([1.0, "x"], (object?[])options.Globals["list"]!);
        Assert.Equal(1.0, ((Dictionary<string, object?>)options.Globals["deep"]!)["a"]);
    }

    [Fact]
    public void A_pool_is_a_preset_by_name_or_a_preset_with_changes_and_the_preset_itself_stays()
    {
        Assert.Same(WorkerPoolPresets.Secure, Bind("""{ "WorkerPool": "Secure" }""").WorkerPool);
        Assert.Equal(WorkerPoolPresets.Strict with { MaxWorkers = 6 }, Bind("""{ "WorkerPool": { "Preset": "strict", "MaxWorkers": 6 } }""").WorkerPool);
        // Without a name it is the level's own setting, in any section.
        Assert.Equal(WorkerPoolPresets.Permissive with { QueueTimeout = TimeSpan.FromSeconds(3), MaxMessageBytes = 2 << 20 },
            Bind("""{ "WorkerPool": { "QueueTimeout": "3s", "MaxMessageBytes": "2MB" }, "SecurityLevel": "permissive" }""").WorkerPool);
        Assert.Equal((2, 4), (WorkerPoolPresets.Strict.MinWorkers, WorkerPoolPresets.Strict.MaxWorkers));
        Assert.Equal(100, GuardOptions.Default.MaxIssues);
    }

    /// <summary>An error about the largest number does not mention the smallest one.</summary>
    [Fact]
    public void Fewer_workers_than_the_preset_keeps_ready_are_fewer_workers()
    {
        WorkerPoolOptions pool = Bind("""{ "WorkerPool": { "MaxWorkers": 1 } }""").WorkerPool!;

        Assert.Equal((1, 1, 1), (pool.MinWorkers, pool.MaxWorkers, pool.SpareWorkers));
        Assert.Contains("MinWorkers is 3; its range is 0 to 1", Fault("""{ "WorkerPool": { "MinWorkers": 3, "MaxWorkers": 1 } }"""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_in_the_configuration_is_the_adapter() =>
        Assert.Same(EnclaveAdapter.WorkerPool, Bind("""{ "WorkerPool": { "MaxWorkers": 3 } }""").Adapter);

    [Fact]
    public void An_adapter_of_a_fixed_size_is_a_section()
    {
        EnclaveOptions options = Bind("""{ "Adapter": { "PoolSize": 3, "MaxWorkerMemory": "100MB" } }""");

        WorkerPoolOptions pool = options.Adapter.Resolve(options);
        Assert.Equal((3, 3, 100L << 20), (pool.MinWorkers, pool.MaxWorkers, pool.MemoryLimitPerWorker));
    }

    /// <summary>Every option, by name. It fails for a new option that cannot be bound.</summary>
    [Fact]
    public void Only_what_is_code_cannot_be_configured()
    {
        string[] inCode = ["OnSecurityEvent", "OnStatsUpdate", "OnToolApproval", "OnWorkerRecycled", "Secrets", "TimeProvider", "ToolHandler", "Tools"];

        string[] refused = [.. typeof(EnclaveOptions).GetProperties().Select((property) => property.Name)
            .Where((name) => Record.Exception(() => Bind($$"""{ "{{name}}": "?" }"""))?.Message.Contains(
                "is set in code, not by configuration", StringComparison.Ordinal) == true).Order(StringComparer.Ordinal)];

        Assert.Equal(inCode, refused);
    }

    [Theory]
    [InlineData("""{ "Timeuot": "5s" }""", "Enclave:Timeuot is not an option. Known are Adapter, ")]
    [InlineData("""{ "WorkerPool": { "MaxWorker": 5 } }""", "Enclave:WorkerPool:MaxWorker is not an option. Known are GracefulShutdownTimeout, ")]
    [InlineData("""{ "Timeout": "5" }""", "Enclave:Timeout is '5'; it has to be a time like 500ms, 5s or 2m, or 00:00:05")]
    [InlineData("""{ "Timeout": { "Seconds": 5 } }""", "Enclave:Timeout is a section; it has to be a value")]
    [InlineData("""{ "SecurityLevel": "Safe" }""", "Enclave:SecurityLevel is 'Safe'; it has to be one of Strict, Secure, Standard, Permissive")]
    [InlineData("""{ "SecurityLevel": "3" }""", "Enclave:SecurityLevel is '3'; it has to be one of Strict, Secure, Standard, Permissive")]
    [InlineData("""{ "Adapter": { "PoolSize": 3 }, "WorkerPool": { "MaxWorkers": 4 } }""",
        "Enclave:WorkerPool:MaxWorkers would be ignored, since Enclave:Adapter:PoolSize says the same: leave one of them out")]
    [InlineData("""{ "MaxToolCalls": "many" }""", "Enclave:MaxToolCalls is 'many'; it has to be a whole number")]
    [InlineData("""{ "MaxToolCalls": "3000000000" }""", "Enclave:MaxToolCalls is '3000000000'; it has to be a whole number")]
    [InlineData("""{ "Validate": "yes" }""", "Enclave:Validate is 'yes'; it has to be true or false")]
    [InlineData("""{ "Adapter": "Cloud" }""", "Enclave:Adapter is 'Cloud'; it has to be one of Embedded, WorkerPool")]
    [InlineData("""{ "WorkerPool": { "Preset": "Huge" } }""", "Enclave:WorkerPool:Preset is 'Huge'; it has to be one of Strict, Secure, Standard, Permissive")]
    [InlineData("""{ "AllowDegradedIsolation": [ "Walls" ] }""", "Enclave:AllowDegradedIsolation:0 is 'Walls'; it has to be one of ")]
    [InlineData("""{ "Guard": { "MaxIssues": 0 } }""", "Enclave:Guard:MaxIssues: MaxIssues has to be between 1 and 1,000")]
    [InlineData("""{ "Guard": { "CallToolValidation": { "Least": 1 } } }""", "Enclave:Guard:CallToolValidation has no Most")]
    [InlineData("""{ "Scoring": { "Scorer": "mine" } }""", "Enclave:Scoring:Scorer is set in code, not by configuration")]
    public void A_setting_that_cannot_be_read_is_named_by_its_path(string json, string fault) => Assert.Contains(fault, Fault(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Timeout": "25h" }""", "Enclave:Timeout is 1.01:00:00; its range is 00:00:00.0010000 to 1.00:00:00")]
    [InlineData("""{ "Adapter": "WorkerPool", "WorkerPool": { "MaxWorkers": 3000 } }""", "Enclave:WorkerPool:MaxWorkers is 3000; its range is 1 to 2000")]
    [InlineData("""{ "MemoryLimit": "1MB" }""", "Enclave:MemoryLimit is 1048576; its range is 8388608 to ")]
    [InlineData("""{ "Scoring": { "BlockThreshold": 200 } }""", "Enclave:Scoring:BlockThreshold is 200: it has to be between 0 and 101")]
    [InlineData("""{ "Adapter": { "PoolSize": 3000 } }""", "Enclave:Adapter:PoolSize is 3000; its range is 1 to 2000")]
    [InlineData("""{ "DoubleVm": { "Enabled": true, "InnerTimeout": "25h" } }""", "Enclave:DoubleVm:InnerTimeout is 1.01:00:00; its range is ")]
    [InlineData("""{ "Sidecar": { "Enabled": true, "Ttl": "0s" } }""", "Enclave:Sidecar:Ttl is ")]
    public void A_setting_out_of_its_range_is_named_with_value_and_range(string json, string fault) =>
        Assert.Contains(fault, Fault(json), StringComparison.Ordinal);

    /// <summary>A value of the code, which no key has.</summary>
    [Fact]
    public void A_setting_of_the_code_out_of_its_range_keeps_its_name()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Enclave:Timeout", "5s")]).Build();
        var services = new ServiceCollection();
        services.AddEnclave(configuration.GetSection("Enclave")).Configure((options) => options.MaxToolCalls = -1);
        using ServiceProvider provider = services.BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<EnclaveOptions>>().Value);

        Assert.StartsWith("MaxToolCalls is -1; its range is 0 to 1000000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        string fault = Fault("""{ "Timeout": "soon", "MaxToolCall": 1, "Validate": "maybe" }""");

        Assert.All(["Enclave:Timeout", "Enclave:MaxToolCall", "Enclave:Validate"], (path) => Assert.Contains(path, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_section_that_is_not_there_is_a_fault()
    {
        using ServiceProvider services = Services(new ConfigurationBuilder().Build().GetSection("Enclav"));

        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<EnclaveOptions>>().Value);

        Assert.Contains("the configuration has no section 'Enclav'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_variables_say_lists_with_commas()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Enclave:AllowDegradedIsolation", "DroppedUser, Namespaces")]).Build();
        using ServiceProvider services = Services(configuration.GetSection("Enclave"));

        Assert.Equal(
            [IsolationLayer.DroppedUser, IsolationLayer.Namespaces], services.GetRequiredService<IOptions<EnclaveOptions>>().Value.AllowDegradedIsolation);
    }

    private static string Fault(string json) => Assert.Throws<OptionsValidationException>(() => Bind(json)).Message;

    private static EnclaveOptions Bind(string json)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Enclave": {{json}} }"""))).Build();
        using ServiceProvider services = Services(configuration.GetSection("Enclave"));
        return services.GetRequiredService<IOptions<EnclaveOptions>>().Value;
    }

    private static ServiceProvider Services(IConfigurationSection section)
    {
        var services = new ServiceCollection();
        services.AddEnclave(section);
        return services.BuildServiceProvider();
    }
}
