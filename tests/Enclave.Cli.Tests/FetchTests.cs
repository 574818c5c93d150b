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
