using System.Net;
using System.Net.Sockets;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Fetch;

/// <summary>Requests that lead elsewhere, say more than they may, or bring more than there is room for.</summary>
public sealed class FetchAttackTests
{
    /// <summary>Straight at the tool: what the script's side would refuse or rewrite reaches the host as it is.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("https://127.0.0.1:PORT/")]
    [InlineData("http://localhost:PORT/")]
    [InlineData("http://2130706434:PORT/")]
    [InlineData("http://0177.0.0.2:PORT/")]
    [InlineData("http://0x7f.2:PORT/")]
    [InlineData("http://[::1]:PORT/")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("http://[::ffff:7f00:1]:PORT/")]
    [InlineData("http://0.0.0.0:PORT/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://user@127.0.0.1:PORT/")]
    [InlineData("http://127.0.0.1:PORT@example.com/")]
    [InlineData("http://example.com#@127.0.0.1:PORT/")]
    [InlineData("http://127.0.0.1.example.com:PORT/")]
    [InlineData("http://127.0.0.1:PORT\\\\@example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1:PORT/")]
    [InlineData("data:text/plain,x")]
    [InlineData("//127.0.0.1:PORT/")]
    [InlineData("/relative")]
    [InlineData("http://127.0.0.1:PORT/a b")]
    [InlineData("http://127.0.0.1:PORT/\\r\\nHost: example.com")]
    [InlineData("")]
    public async Task An_address_that_is_not_allowed_is_not_asked(string address)
    {
        await using FetchBench bench = await FetchBench.Open();

        string refusal = await bench.Refusal($"callTool('fetch', {{ url: '{address}' }})");

        Assert.StartsWith("ToolError FETCH_REFUSED: fetch refused: ", refusal, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Theory]
    [InlineData("fetch('https://example.com/x')", "https://example.com is not an origin that scripts may ask. Allowed here: ORIGIN (GET). The operator may")]
    [InlineData("fetch('ORIGIN', { method: 'POST' })", "the method POST is not allowed for ORIGIN. Allowed here: ORIGIN (GET). The operator may add it")]
    [InlineData("callTool('fetch', { url: 'ORIGIN', method: 'TRACE' })", "the method TRACE is not allowed")]
    [InlineData("callTool('fetch', { url: 'ORIGIN', method: 'GET /x HTTP/1.1\\r\\nA: b' })", "is not allowed")]
    [InlineData("callTool('fetch', { url: 'ORIGIN', body: 'x' })", "a request with GET has no body")]
    public async Task A_refusal_names_what_is_allowed(string call, string words)
    {
        await using FetchBench bench = await FetchBench.Open();

        string refusal = await bench.Refusal(call, bench.Options("GET"));

        Assert.Contains(bench.Text(words), refusal, StringComparison.Ordinal);
        Assert.Contains("FETCH_REFUSED", refusal, StringComparison.Ordinal);
        if (call.StartsWith("fetch", StringComparison.Ordinal)) Assert.StartsWith("TypeError ", refusal, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task A_name_below_a_pattern_leads_to_public_addresses_alone(string address)
    {
        await using FetchBench bench = await FetchBench.Open();
        FetchOptions options = bench.Options() with
        {
            Origins = [new FetchOrigin { Origin = $"http://*.example.com:{bench.Port}" }],
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]),
        };

        string refusal = await bench.Refusal("fetch('http://a.example.com:PORT/')", options);

        Assert.StartsWith("TypeError FETCH_FAILED: fetch of http://a.example.com:", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(address, refusal, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Theory]
    [InlineData("http://*:PORT", "http://127.0.0.1:PORT/")]
    [InlineData("http://*:PORT", "http://localhost:PORT/")]
    [InlineData("http://*:PORT", "http://intranet:PORT/")]
    [InlineData("http://*.example.com:PORT", "http://example.com:PORT/")]
    [InlineData("http://*.example.com:PORT", "http://evilexample.com:PORT/")]
    public async Task A_pattern_stands_for_no_number_and_no_local_name(string pattern, string address)
    {
        await using FetchBench bench = await FetchBench.Open();
        FetchOptions options = bench.Options() with { Origins = [new FetchOrigin { Origin = bench.Text(pattern) }] };

        Assert.Contains("FETCH_REFUSED", await bench.Refusal($"fetch('{address}')", options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_moves_to_another_network_is_not_followed()
    {
        await using FetchBench bench = await FetchBench.Open((context) =>
        {
            context.Response.Headers.Connection = "close";
            return context.Response.WriteAsync("ok");
        });
        int resolved = 0;
        FetchOptions options = bench.Options() with
        {
            Origins = [new FetchOrigin { Origin = $"http://api.example:{bench.Port}" }],
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(resolved++ == 0 ? "127.0.0.1" : "169.254.169.254")]),
        };

        string value = await bench.Value("""
            const ask = () => fetch('http://api.example:PORT/').then((r) => r.text(), (e) => e.code);
            return [await ask(), await ask()];
            """, options);

        Assert.Equal("[\"ok\",\"FETCH_FAILED\"]", value);
        Assert.Equal(2, resolved);
    }

    [Theory]
    [InlineData("http://169.254.169.254/", "FETCH_REFUSED")]
    [InlineData("http://localhost:PORT/", "FETCH_REFUSED")]
    [InlineData("https://example.com/", "FETCH_REFUSED")]
    [InlineData("//example.com/", "FETCH_REFUSED")]
    [InlineData("http://user:pass@127.0.0.1:PORT/end", "FETCH_REFUSED")]
    [InlineData("file:///etc/passwd", "FETCH_REFUSED")]
    [InlineData("/again", "HTTP_REDIRECTED")]
    public async Task A_redirect_is_judged_like_the_first_address(string location, string code)
    {
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = (context) =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (302, bench.Text(location));
            return Task.CompletedTask;
        };

        string refusal = await bench.Refusal("fetch('ORIGIN/')");

        Assert.StartsWith($"TypeError {code}: ", refusal, StringComparison.Ordinal);
        Assert.Equal(location == "/again" ? 6 : 1, bench.Asked.Count);
    }

    [Theory]
    [InlineData("{ Host: 'example.com' }")]
    [InlineData("{ 'Content-Length': '1' }")]
    [InlineData("{ 'Transfer-Encoding': 'chunked' }")]
    [InlineData("{ Connection: 'upgrade' }")]
    [InlineData("{ Upgrade: 'websocket' }")]
    [InlineData("{ Cookie: 'a=b' }")]
    [InlineData("{ 'Proxy-Authorization': 'x' }")]
    [InlineData("{ 'X-Forwarded-For': '127.0.0.1' }")]
    [InlineData("{ x_forwarded_host: 'a' }")]
    [InlineData("{ 'X-HTTP-Method-Override': 'DELETE' }")]
    [InlineData("{ 'Accept-Encoding': 'zstd' }")]
    [InlineData("{ a: 'b\\r\\nHost: example.com' }")]
    [InlineData("{ a: 'b\\0' }")]
    [InlineData("{ 'a\\r\\nb': 'c' }")]
    [InlineData("{ 'a b': 'c' }")]
    [InlineData("{ 'a:': 'c' }")]
    [InlineData("{ '': 'c' }")]
    [InlineData("{ a: 'é' }")]
    [InlineData("{ a: '1', A: '2' }")]
    public async Task A_header_of_the_connection_is_nobodys_to_set(string headers)
    {
        await using FetchBench bench = await FetchBench.Open();

        string refusal = await bench.Refusal($"callTool('fetch', {{ url: 'ORIGIN', method: 'POST', body: 'x', headers: {headers} }})");

        Assert.StartsWith("ToolError FETCH_REFUSED: ", refusal, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Theory]
    [InlineData("length")]
    [InlineData("chunked")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_is_only_so_large(string how)
    {
        byte[] piece = new byte[1 << 16];
        await using FetchBench bench = await FetchBench.Open(async (context) =>
        {
            if (how is "gzip" or "br")
            {
                context.Response.Headers.ContentEncoding = how;
                await context.Response.Body.WriteAsync(Compressed.Bytes(how, (stream) => { for (int i = 0; i < 4096; i++) stream.Write(piece); }));
                return;
            }

            if (how == "length") context.Response.ContentLength = 1L << 40;
            try
            {
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(piece);
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException)
            {
                // The client has gone.
            }
        });

        Assert.Contains(
            "TypeError TOOL_RESULT_TOO_LARGE: the body of the response is larger than 1048576 bytes (Fetch.MaxResponseBytes)",
            await bench.Refusal("fetch('ORIGIN')"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_bodies_of_a_run_are_only_so_large_together()
    {
        await using FetchBench bench = await FetchBench.Open((context) => context.Response.WriteAsync(new string('x', 1000)));
        await using EnclaveHost host = bench.Host(bench.Options() with { MaxBytesPerRun = 2500, MaxRequestBytes = 600 });
        const string Code = """
            const codes = [];
            for (const init of [{}, { method: 'POST', body: 'y'.repeat(501) }, {}, { method: 'POST', body: 'y'.repeat(601) }]) {
              codes.push(await fetch('ORIGIN', init).then((r) => r.status, (e) => e.code));
            }
            return codes;
            """;

        foreach (int _ in (int[])[1, 2]) Assert.Equal(
            "[200,\"TOOL_RESULT_TOO_LARGE\",\"TOOL_RESULT_TOO_LARGE\",\"TOOL_ARGUMENTS_TOO_LARGE\"]", (await bench.Run(host, Code)).Value.ToJsonString());
    }

    [Fact]
    public async Task A_server_that_drips_ends_with_the_time_of_the_call()
    {
        await using FetchBench bench = await FetchBench.Open(async (context) =>
        {
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith((_) => { }, TaskScheduler.Default);
        });

        Assert.StartsWith("TypeError TOOL_TIMEOUT: fetch had not answered after 400 ms",
            await bench.Refusal("fetch('ORIGIN')", bench.Options() with { Timeout = TimeSpan.FromMilliseconds(400) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_http_is_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Task served = AnswerAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        await using FetchBench bench = await FetchBench.Open();
        var options = new FetchOptions { Origins = [new FetchOrigin { Origin = $"http://127.0.0.1:{port}" }] };

        Assert.Equal($"TypeError FETCH_FAILED: fetch of http://127.0.0.1:{port} failed: the answer is no HTTP, or ended early",
            await bench.Refusal($"fetch('http://127.0.0.1:{port}/')", options));
        await Within.Deadline(served, "the server");
        listener.Stop();
        Assert.Contains("failed: no connection", await bench.Refusal($"fetch('http://127.0.0.1:{port}/')", options), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }
}
