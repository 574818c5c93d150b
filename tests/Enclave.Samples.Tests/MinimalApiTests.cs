using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Samples.Tests;

/// <summary>The ASP.NET Core sample, asked over HTTP.</summary>
public sealed class MinimalApiTests(ITestOutputHelper output)
{
    private const string Project = "Enclave.Samples.MinimalApi", AnyPort = "http://127.0.0.1:0";

    [Fact]
    public async Task It_runs_scripts_per_tenant_tells_its_health_and_stops_cleanly()
    {
        await using var sample = new SampleProcess(Project, "--urls", AnyPort);
        using HttpClient client = await ListeningAsync(sample);
        (HttpStatusCode status, JsonElement first) = await RunAsync(client, "acme", "return 1 + 1", null);
        output.WriteLine($"start to first answer: {Stopwatch.GetElapsedTime(sample.Started).TotalMilliseconds:0} ms");
        Assert.Equal((HttpStatusCode.OK, 2), (status, first.GetProperty("value").GetInt32()));

        const string Sum = "const orders = await callTool('orders:list', {}); return orders.reduce((sum, order) => sum + order.total, args.start)";
        (status, JsonElement acme) = await RunAsync(client, "acme", Sum, new { start = 1000 });
        Assert.Equal((HttpStatusCode.OK, 1220), (status, acme.GetProperty("value").GetInt32()));
        (status, JsonElement globex) = await RunAsync(client, "globex", Sum, new { start = 0 });
        Assert.Equal((HttpStatusCode.OK, 5), (status, globex.GetProperty("value").GetInt32()));
        (status, JsonElement refused) = await RunAsync(client, "acme", "return process.env", null);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (status, refused.GetProperty("error").GetProperty("code").GetString()));
        (status, _) = await RunAsync(client, "acme", "throw { message: 'no' }", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsJsonAsync("/run", new { code = "return 1" })).StatusCode);
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        Assert.Equal(0, await sample.StopAsync());
    }

    [Fact]
    public async Task Its_telemetry_reaches_the_exporter_that_the_configuration_names()
    {
        await using var sample = new SampleProcess(Project, "--urls", AnyPort, "--Telemetry:Exporter", "console");
        using HttpClient client = await ListeningAsync(sample);

        await RunAsync(client, "acme", "return await callTool('orders:list', {})", null);
        Assert.Equal(0, await sample.StopAsync());

        string[] spans = [.. sample.Output.Split('\n').Where((line) => line.StartsWith("span ", StringComparison.Ordinal))];
        string trace = spans.First((span) => span.Contains("enclave.tool", StringComparison.Ordinal)).Split("trace ")[1];
        string[] together =
            [.. spans.Where((span) => span.EndsWith(trace, StringComparison.Ordinal)).Select((span) => span.Split(' ')[1]).Order(StringComparer.Ordinal)];
        Assert.Equal(["Microsoft.AspNetCore.Hosting.HttpRequestIn", "enclave.run", "enclave.tool", "enclave.worker"], together);
        Assert.Contains("metric enclave.jobs.duration (s)", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelled_option_ends_its_start_and_is_named()
    {
        await using var sample = new SampleProcess(Project, "--urls", AnyPort, "--Enclave:Timeuot", "5s");

        (int exitCode, string text) = await sample.ExitAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Enclave:Timeuot is not an option", text, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Result)> RunAsync(HttpClient client, string tenant, string code, object? args)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run") { Content = JsonContent.Create(new { code, args }) };
        request.Headers.Add("X-Tenant", tenant);
        using HttpResponseMessage response = await client.SendAsync(request);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).Clone());
    }

    private static async Task<HttpClient> ListeningAsync(SampleProcess sample)
    {
        const string Said = "Now listening on: ";
        await Within.Becomes(() => sample.HasExited || sample.Output.Contains(Said, StringComparison.Ordinal), "the sample listened", () => sample.Output);
        Assert.Contains(Said, sample.Output, StringComparison.Ordinal);
        return new HttpClient { BaseAddress = new Uri(sample.Output.Split(Said)[1].Split('\n')[0]) };
    }
}
