using Enclave.Guard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/hosting.md.</summary>
public sealed class HostingSample
{
    [Fact]
    public async Task An_application_with_a_tool_a_scorer_and_a_health_check()
    {
        string[] args =
            ["--Enclave:SecurityLevel=Standard", "--Enclave:WorkerPool:Preset=Standard", "--Enclave:WorkerPool:MinWorkers=1", "--Enclave:Timeout=2s"];

        // sample
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(args);
        builder.Services.AddSingleton<Greetings>();
        builder.Services.AddEnclave(builder.Configuration.GetSection("Enclave"))
            .Configure((options) => options.VerboseErrors = builder.Environment.IsDevelopment())
            .AddTool<Greet>()
            .UseScorer<RuleBasedScorer>()
            .AddHealthCheck();
        using IHost app = builder.Build();
        await app.StartAsync();

        var enclave = app.Services.GetRequiredService<IEnclave>();
        ExecutionResult result = await enclave.RunAsync("return await callTool('greet', { name: 'Ada' })", new RunOptions { Tenant = "acme" });
        Console.WriteLine(result.Value.AsString());
        await app.StopAsync();
        // end

        Assert.Equal("Hello Ada, from acme", result.Value.AsString());
        HealthReport health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal("the host is disposed", health.Entries["enclave"].Description);
    }

    // sample
    /// <summary>A service of the application that the tool uses.</summary>
    internal sealed class Greetings
    {
        public string Word { get; init; } = "Hello";

        public string For(string name, string? tenant) => $"{Word} {name}, from {tenant}";
    }

    internal sealed record GreetArgs(string Name);

    internal sealed class Greet(Greetings greetings) : ITool<GreetArgs, string>
    {
        public static string Name => "greet";

        public static ToolOptions Options => new() { Description = "Greets somebody by name.", Timeout = TimeSpan.FromSeconds(1) };

        public Task<string> CallAsync(GreetArgs arguments, ToolContext context, CancellationToken cancellationToken) =>
            Task.FromResult(greetings.For(arguments.Name, context.Tenant));
    }
    // end
}
