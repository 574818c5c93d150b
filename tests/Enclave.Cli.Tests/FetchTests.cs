using System.Net;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cli.Tests;

/// <summary><c>--fetch</c>: origins that scripts may ask.</summary>
public sealed class FetchTests : IAsyncLifetime
{
    private readonly WebApplication _app = LocalWeb.Builder().Build();
    private int _asked;
    private string _origin = "";

    public async ValueTask InitializeAsync()
    {
        _app.Run((context) =>
        {
            Interlocked.Increment(ref _asked);
            return context.Response.WriteAsync(context.Request.Method);
        });
        _origin = (await LocalWeb.Start(_app)).GetLeftPart(UriPartial.Authority);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_script_asks_the_origins_and_a_replay_asks_nobody()
    {
        using var folder = new TemporaryFolder();
        string recording = Path.Combine(folder.Path, "r.json");
        string code = $"return [await (await fetch('{_origin}', {{ method: 'POST' }})).text(), await fetch('https://a.b').catch((e) => e.code)]";

        CliResult run = await CliProcess.RunScriptAsync(code, "--fetch", "https://api.example.com", "--fetch", $"get,post {_origin}", "--record", recording);
        await _app.StopAsync(TestContext.Current.CancellationToken);
        CliResult replay = await CliProcess.RunAsync("replay", recording);

        Assert.Equal((0, "[\n  \"POST\",\n  \"FETCH_REFUSED\"\n]\n"), (run.ExitCode, run.Output));
        Assert.True(replay.ExitCode == 0, replay.Output + replay.Error);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Each_job_of_a_batch_has_it()
    {
        using var folder = new TemporaryFolder();
        string code = $"return (await fetch('{_origin}')).status";
        string jobs = folder.File("jobs.jsonl", $"{{\"id\": 1, \"code\": \"{code}\"}}\n{{\"id\": 2, \"op\": \"validate\", \"code\": \"{code}\"}}\n");

        CliResult result = await CliProcess.RunAsync("run", "--batch", jobs, "--fail-on-error", "--workers", "1", "--fetch", _origin);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("\"value\":200", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_a_broker_have_it()
    {
        await using Served broker = await Served.Start("--fetch", _origin, "--workers", "1");

        (HttpStatusCode status, string text) = await broker.Post($"return await (await fetch('{_origin}')).text()");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"result\":\"GET\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leave it out", "--fetch", "https://api.example.com")]
    [InlineData("give --library to enclave runtime instead", "--library", "days=days.js")]
    public async Task A_broker_of_runtimes_says_where_it_belongs(string remedy, string option, string value)
    {
        using var folder = new TemporaryFolder();
        folder.File("days.js", "globalThis.days = 7");

        string given = value.Replace("days.js", Path.Combine(folder.Path, "days.js"), StringComparison.Ordinal);
        CliResult result = await CliProcess.RunAsync("serve", "--port", "0", "--runtime", "ws://127.0.0.1:9", option, given);

        Assert.Equal((2, $"enclave: {option} is for scripts that run here, and these run on runtimes: {remedy}.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("serve", "--port", "0")]
    [InlineData("mcp")]
    public async Task A_tool_of_its_name_is_refused(params string[] command)
    {
        CliResult result = await CliProcess.RunAsync([.. command, "--tool", "fetch=echo 1", "--fetch", _origin]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("fetch", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.example.com", "api.example.com")]
    [InlineData("https://a.b/path", "without a path")]
    [InlineData("GET POST https://a.b", "'GET,POST https://api.example.com'")]
    [InlineData("TRACE https://a.b", "'TRACE'")]
    public async Task A_mistake_is_told_with_the_form(string origin, string words)
    {
        CliResult result = await CliProcess.RunScriptAsync("return 1", "--fetch", origin);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }
}
