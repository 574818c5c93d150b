using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Samples.Tests;

/// <summary>The sample with plans: a budget, a live suspension and a bill, over HTTP.</summary>
public sealed class PlansTests
{
    private const string Project = "Enclave.Samples.Plans";

    [Fact]
    public async Task It_suspends_a_customer_without_a_restart_changes_a_plan_and_writes_a_bill()
    {
        await using var sample = new SampleProcess(Project, "--urls", "http://127.0.0.1:0");
        const string Said = "Now listening on: ";
        await Within.Becomes(() => sample.HasExited || sample.Output.Contains(Said, StringComparison.Ordinal), "the sample listened", () => sample.Output);
        using HttpClient client = new() { BaseAddress = new Uri(sample.Output.Split(Said)[1].Split('\n')[0]) };
        string acme = $"acme-{Guid.NewGuid():n}";
        Assert.Equal(HttpStatusCode.OK, await RunAsync(client, acme, "return 6 * 7"));

        Assert.True((await client.PostAsync($"/admin/{acme}/Suspended", null)).IsSuccessStatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, await RunAsync(client, acme, "return 1"));
        Assert.True((await client.PostAsync($"/admin/{acme}/Active", null)).IsSuccessStatusCode);
        Assert.True((await client.PostAsync($"/admin/{acme}/plan/paid", null)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, await RunAsync(client, acme, "return 1"));
        string month = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        JsonElement bill = JsonDocument.Parse(await client.GetStringAsync($"/admin/bill/{month}")).RootElement;
        JsonElement line = bill.EnumerateArray().Single((row) => row.GetProperty("tenant").GetString() == acme);
        Assert.Equal(2, line.GetProperty("runs").GetInt32());
        Assert.Equal(0, await sample.StopAsync());
    }

    [Fact]
    public void The_page_has_the_program_and_it_is_short()
    {
        string root = Repository.Root, program = File.ReadAllText(Path.Combine(root, "samples", "plans", "Program.cs"));
        Assert.Contains(program.Split("\n\n", 2)[1].Trim(), File.ReadAllText(Path.Combine(root, "docs", "tenants.md")), StringComparison.Ordinal);
        Assert.InRange(program.Split('\n').Length, 30, 60);
    }

    private static async Task<HttpStatusCode> RunAsync(HttpClient client, string tenant, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run") { Content = new StringContent(code) };
        request.Headers.Add("X-Tenant", tenant);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
