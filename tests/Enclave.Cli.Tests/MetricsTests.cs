using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--metrics-port</c>: metrics in the format of Prometheus.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Runs_are_counted_and_timed_and_workers_are_seen()
    {
        await using CliProcess cli = CliProcess.Start(["serve", "--port", "0", "--metrics-port", "0", "--json"]);
        JsonElement line = JsonElement.Parse(await cli.NextLineAsync("the start"));
        using var http = new HttpClient();
        foreach (string code in (string[])["return 1", "return 2", "eval('3')"])
        {
            using HttpResponseMessage answer = await http.PostAsJsonAsync($"{line.GetProperty("listening").GetString()}/sessions", new { code });
            await answer.Content.ReadAsStringAsync();
        }

        using HttpResponseMessage page = await http.GetAsync(line.GetProperty("metrics").GetString());

        Assert.Equal(("text/plain", "0.0.4"),
            (page.Content.Headers.ContentType!.MediaType, page.Content.Headers.ContentType.Parameters.First((parameter) => parameter.Name == "version").Value));
        string text = await page.Content.ReadAsStringAsync();
        Assert.Equal((2, 1, 1), (Value(text, "enclave_jobs_duration_seconds_count{code=\"OK\",level=\"STANDARD\"}"),
            Value(text, "enclave_jobs_duration_seconds_count{code=\"VALIDATION_ERROR\",level=\"STANDARD\"}"), Value(
                text, "enclave_guard_refusals_total{code=\"VALIDATION_ERROR\",level=\"STANDARD\"}")));
        Assert.Equal((0, 0), (Value(text, "enclave_queue_depth"), Value(text, "enclave_workers_active")));
        Assert.True(Value(text, "enclave_workers_idle") >= 1);
        Assert.Equal((2, 1, 0), (Value(text, "enclave_sessions_duration_seconds_count{code=\"OK\"}"),
            Value(text, "enclave_sessions_duration_seconds_count{code=\"VALIDATION_ERROR\"}"), Value(text, "enclave_sessions_active")));
        double[] buckets = [.. text.Split('\n')
            .Where((sample) => sample.StartsWith("enclave_jobs_duration_seconds_bucket{code=\"OK\"", StringComparison.Ordinal)).Select(Figure)];
        Assert.Equal(19, buckets.Length);
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(2, buckets[^1]);
        Assert.True(Value(text, "enclave_jobs_duration_seconds_sum{code=\"OK\",level=\"STANDARD\"}") > 0);
    }

    [Fact]
    public async Task Half_requests_keep_nobody_from_the_broker_or_its_figures()
    {
        await using CliProcess cli = CliProcess.Start(["serve", "--port", "0", "--metrics-port", "0", "--json"], ("ENCLAVE_TOKEN", "a-token-of-the-tests"));
        JsonElement line = JsonElement.Parse(await cli.NextLineAsync("the start"));
        Uri broker = new(line.GetProperty("listening").GetString()!), metrics = new(line.GetProperty("metrics").GetString()!);
        using HalfRequests atBroker = await HalfRequests.AtAsync(broker, 300), atMetrics = await HalfRequests.AtAsync(metrics, 300);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };

        using HttpResponseMessage page = await http.GetAsync(metrics), health = await http.GetAsync(new Uri(broker, "/health"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, health.StatusCode));
    }

    [Fact]
    public async Task Every_name_of_the_dashboard_and_the_alerts_is_there()
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--metrics-port", "0", "--json"]);
        JsonElement line = JsonElement.Parse(await cli.NextLineAsync("the start"));
        using var http = new HttpClient();

        string text = await http.GetStringAsync(line.GetProperty("metrics").GetString());

        string docs = Path.Combine(CliProcess.Root, "docs");
        string asked = File.ReadAllText(Path.Combine(docs, "operations", "dashboard.json")) + File.ReadAllText(Path.Combine(docs, "operations.md"));
        IEnumerable<string> names = System.Text.RegularExpressions.Regex.Matches(asked, @"enclave_[a-z_]+(?=[^a-z_.])").Select((match) => match.Value);
        string[] families =
            [.. text.Split('\n').Where((sample) => sample.StartsWith("# TYPE ", StringComparison.Ordinal)).Select((sample) => sample.Split(' ')[2])];
        Assert.Empty(names.Select(WithoutPart).Distinct().Except(families));
    }

    [Fact]
    public async Task Two_readers_at_once_see_every_worker_once()
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--metrics-port", "0", "--json"]);
        string address = JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("metrics").GetString()!;
        using var http = new HttpClient();

        string[] pages = await Task.WhenAll(Enumerable.Range(0, 30).Select((_) => http.GetStringAsync(address)));

        // SECURE keeps two, and never has more than ten here.
        Assert.All(pages, (page) => Assert.InRange(Value(page, "enclave_workers_idle") + Value(page, "enclave_workers_starting"), 0, 10));
        Assert.All(pages, (page) => Assert.Single(page.Split('\n'), (sample) => sample.StartsWith("enclave_workers_idle ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Figures_are_all_there_is()
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--metrics-port", "0", "--json"]);
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("metrics").GetString()!);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(address, "/ws"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync(address, new StringContent(""))).StatusCode);
        cli.Signal(15);
        Assert.Equal(0, (await cli.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_or_none_is_said()
    {
        await using CliProcess first = CliProcess.Start(["runtime", "--port", "0", "--metrics-port", "0", "--json"]);
        int port = new Uri(JsonElement.Parse(await first.NextLineAsync("the start")).GetProperty("metrics").GetString()!).Port;

        CliResult taken = await CliProcess.RunAsync("runtime", "--port", "0", "--metrics-port", port.ToString(CultureInfo.InvariantCulture));
        CliResult none = await CliProcess.RunAsync("serve", "--port", "0", "--metrics-port", "70000");

        Assert.Equal((5, 2), (taken.ExitCode, none.ExitCode));
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), taken.Error, StringComparison.Ordinal);
        Assert.Contains("--metrics-port is \"70000\"", none.Error, StringComparison.Ordinal);
    }

    private static double Value(string page, string sample) =>
        Figure(page.Split('\n').Single((line) => line.StartsWith(sample + " ", StringComparison.Ordinal)));

    private static double Figure(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>The histogram family that a sample belongs to.</summary>
    private static string WithoutPart(string name) =>
        ((string[])["_bucket", "_sum", "_count"]).Aggregate(name, (rest, part) => rest.EndsWith(part, StringComparison.Ordinal) ? rest[..^part.Length] : rest);
}
