using System.Collections.Concurrent;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Fetch;

/// <summary>A server on loopback, what it was asked, and hosts whose scripts may ask it.</summary>
internal sealed class FetchBench : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FetchBench(WebApplication app) => _app = app;

    /// <summary>The server's origin.</summary>
    public string Origin { get; private set; } = "";

    public int Port => new Uri(Origin).Port;

    /// <summary>Every request, in order: method and path, headers, body.</summary>
    public ConcurrentQueue<(string Line, Dictionary<string, string> Headers, string Body)> Asked { get; } = [];

    /// <summary>The server's answer. Default: what it was asked, as JSON.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    public static async Task<FetchBench> Open(Func<HttpContext, Task>? answer = null)
    {
        WebApplication app = LocalWeb.Builder().Build();
        var bench = new FetchBench(app) { Answer = answer };
        app.Run(bench.ServeAsync);
        bench.Origin = (await LocalWeb.Start(app)).GetLeftPart(UriPartial.Authority);
        return bench;
    }

    public FetchOptions Options(params string[] methods) => new()
    {
        Origins = [new FetchOrigin { Origin = Origin, Methods = methods.Length > 0 ? methods : ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] }],
    };

    public EnclaveHost Host(FetchOptions? fetch = null, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions { Fetch = fetch ?? Options() };
        change?.Invoke(options);
        return new EnclaveHost(options);
    }

    /// <summary>Runs a script in which <c>ORIGIN</c> and <c>PORT</c> are the server's.</summary>
    public Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? run = null) =>
        Within.Deadline(host.RunAsync(Text(code), run), code);

    public async Task<ExecutionResult> Run(string code, FetchOptions? fetch = null, Action<EnclaveOptions>? change = null)
    {
        await using EnclaveHost host = Host(fetch, change);
        return await Run(host, code);
    }

    /// <summary>The JSON of the value of a script that has to succeed.</summary>
    public async Task<string> Value(string code, FetchOptions? fetch = null, Action<EnclaveOptions>? change = null)
    {
        ExecutionResult result = await Run(code, fetch, change);
        Assert.True(result.Success, $"{code}\n{result.Error?.Code} {result.Error?.Message}");
        return result.Value.ToJsonString();
    }

    /// <summary>Code and message of the error of a request.</summary>
    public async Task<string> Refusal(string call, FetchOptions? fetch = null, Action<EnclaveOptions>? change = null)
    {
        ExecutionResult result = await Run(
            $$"""try { await {{call}}; return 'no error' } catch (e) { return `${e.name} ${e.code}: ${e.message}` }""", fetch, change);
        Assert.True(result.Success, $"{call}\n{result.Error?.Code} {result.Error?.Message}");
        return result.Value.AsString();
    }

    public string Text(string code) =>
        code.Replace("ORIGIN", Origin, StringComparison.Ordinal).Replace("PORT", $"{Port}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary((header) => header.Key.ToLowerInvariant(), (header) => header.Value.ToString());
        string line = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        Asked.Enqueue((line, headers, body));
        if (Answer is not null) await Answer(context);
        else await context.Response.WriteAsJsonAsync(new { line, headers, body });
    }
}
