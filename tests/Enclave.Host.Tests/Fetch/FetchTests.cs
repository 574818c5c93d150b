using Enclave.Guard;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Fetch;

/// <summary>Scripts that ask a server with fetch, as models write them.</summary>
public sealed class FetchTests
{
    [Fact]
    public async Task A_script_asks_as_in_a_browser()
    {
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = (context) => context.Request.Path == "/users"
            ? context.Response.WriteAsJsonAsync(new[] { new { id = 1, name = "Ann" }, new { id = 2, name = "Bob" } })
            : Results.NotFound().ExecuteAsync(context);

        string value = await bench.Value("""
            const response = await fetch('ORIGIN/users?limit=2');
            if (!response.ok) throw new Error(`HTTP ${response.status}`);
            const users = await response.json();
            const missing = await fetch(new URL('/nobody', 'ORIGIN'));
            return {
              names: users.map((u) => u.name), type: response.headers.get('content-type'), used: response.bodyUsed,
              url: response.url === 'ORIGIN/users?limit=2',
              missing: [missing.status, missing.ok, await missing.text()],
            };
            """);

        Assert.Equal(
            """{"names":["Ann","Bob"],"type":"application/json; charset=utf-8","used":true,"url":true,"missing":[404,false,""]}""", value);
        Assert.Equal(["GET /users?limit=2", "GET /nobody"], bench.Asked.Select((asked) => asked.Line));
    }

    [Theory]
    [InlineData("{ method: 'post', body: 'héllo' }", "POST", "text/plain;charset=UTF-8", "héllo")]
    [InlineData("{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ a: 1 }) }", "POST", "application/json", "{\"a\":1}")]
    [InlineData("{ method: 'PUT', body: new URLSearchParams({ a: 'b c' }) }", "PUT", "application/x-www-form-urlencoded;charset=UTF-8", "a=b+c")]
    [InlineData("{ method: 'PATCH', body: new Uint8Array([104, 105]) }", "PATCH", null, "hi")]
    [InlineData("{ method: 'POST', body: new Blob(['a', 'b'], { type: 'x/y' }) }", "POST", "x/y", "ab")]
    [InlineData("{ method: 'DELETE', headers: new Headers([['accept', 'a/b'], ['X-One', '1']]) }", "DELETE", null, "")]
    public async Task A_request_is_sent_as_it_is_written(string init, string method, string? type, string body)
    {
        await using FetchBench bench = await FetchBench.Open();

        await bench.Value($"return (await fetch('ORIGIN/p', {init})).status");

        (string line, Dictionary<string, string> headers, string sent) = Assert.Single(bench.Asked);
        Assert.Equal(($"{method} /p", body), (line, sent));
        Assert.Equal(type, headers.GetValueOrDefault("content-type"));
        if (method == "DELETE") Assert.Equal(("a/b", "1"), (headers["accept"], headers["x-one"]));
    }

    [Fact]
    public async Task A_form_is_sent_in_parts()
    {
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = null;

        await bench.Value("""
            const form = new FormData();
            form.append('name', 'Ann');
            form.append('file', new Blob(['line'], { type: 'text/csv' }), 'a".csv');
            const sent = new Request('ORIGIN/form', { method: 'POST', body: form });
            return (await fetch(sent)).status;
            """);

        (_, Dictionary<string, string> headers, string body) = Assert.Single(bench.Asked);
        string boundary = headers["content-type"].Split("boundary=")[1];
        Assert.Equal($"--{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAnn\r\n" +
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22.csv\"\r\nContent-Type: text/csv\r\n\r\nline\r\n" +
            $"--{boundary}--\r\n", body);
    }

    [Fact]
    public async Task A_body_is_read_once_and_in_pieces()
    {
        await using FetchBench bench = await FetchBench.Open((context) => context.Response.WriteAsync(new string('x', 100_000)));

        string value = await bench.Value("""
            const sizes = [];
            const first = await fetch('ORIGIN');
            for await (const piece of first.body) sizes.push(piece.length);
            const again = await first.text().then(() => 'read', (e) => e.name);
            const reader = (await fetch('ORIGIN')).body.getReader();
            const one = await reader.read();
            const copy = (await fetch('ORIGIN')), twin = copy.clone();
            const all = [(await copy.bytes()).length, (await twin.arrayBuffer()).byteLength, (await fetch('ORIGIN')).body !== null];
            return [sizes, again, one.done, one.value.length, ...all];
            """, change: (options) => options.Preset = GuardPreset.JavaScript);

        Assert.Equal("[[65536,34464],\"TypeError\",false,65536,100000,100000,true]", value);
    }

    [Fact]
    public async Task A_signal_ends_the_wait()
    {
        var asked = new TaskCompletionSource();
        await using FetchBench bench = await FetchBench.Open(async (context) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith((_) => { }, TaskScheduler.Default);
        });

        string value = await bench.Value("""
            const controller = new AbortController();
            setTimeout(() => controller.abort(), 30);
            const name = (promise) => promise.then(() => 'answered', (e) => e.name);
            return [
              await name(fetch('ORIGIN', { signal: controller.signal })), await name(fetch('ORIGIN', { signal: AbortSignal.timeout(20) })),
              await name(fetch('ORIGIN', { signal: AbortSignal.abort() })),
            ];
            """);

        Assert.Equal("[\"AbortError\",\"TimeoutError\",\"AbortError\"]", value);
        await Within.Deadline(asked.Task, "a request");
    }

    [Fact]
    public async Task Redirects_are_followed_as_the_standard_says()
    {
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = (context) =>
        {
            string path = context.Request.Path.Value!;
            if (path == "/end") return context.Response.WriteAsync($"{context.Request.Method}");
            (context.Response.StatusCode, context.Response.Headers.Location) = (int.Parse(path[1..]), "/end?from#part");
            return Task.CompletedTask;
        };

        string value = await bench.Value("""
            const ask = async (status, method) => {
              const response = await fetch(`ORIGIN/${status}`, { method, body: method === 'GET' ? undefined : 'body' });
              return [status, await response.text(), response.redirected, response.url === 'ORIGIN/end?from'];
            };
            const manual = await fetch('ORIGIN/302', { redirect: 'manual' });
            return [
              await ask(301, 'POST'), await ask(303, 'PUT'), await ask(302, 'PUT'), await ask(307, 'POST'), await ask(308, 'GET'),
              [manual.status, manual.redirected, manual.headers.get('location')],
              await fetch('ORIGIN/302', { redirect: 'error' }).catch((e) => e.code),
            ];
            """);

        Assert.Equal(
            "[[301,\"GET\",true,true],[303,\"GET\",true,true],[302,\"PUT\",true,true],[307,\"POST\",true,true],[308,\"GET\",true,true]," +
            "[302,false,\"/end?from#part\"],\"HTTP_REDIRECTED\"]", value);
        Assert.Equal(["body", "", "body", "", "body", "body", "body", "body"], bench.Asked.Skip(1).Take(8).Select((asked) => asked.Body));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_body_is_plain_for_the_script(string encoding)
    {
        await using FetchBench bench = await FetchBench.Open((context) => Compressed.WriteAsync(context, encoding, new string('a', 3000)));

        Assert.Equal("[3000,null,null]", await bench.Value("""
            const response = await fetch('ORIGIN');
            return [(await response.text()).length, response.headers.get('content-encoding'), response.headers.get('content-length')];
            """));
        Assert.Equal("gzip, br, deflate", Assert.Single(bench.Asked).Headers["accept-encoding"]);
    }

    [Fact]
    public async Task Eight_callers_at_once_have_their_own_answers()
    {
        await using FetchBench bench = await FetchBench.Open((context) => context.Response.WriteAsync($"{context.Request.Query["n"]}"));
        await using EnclaveHost host = bench.Host(change: (options) => options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2 });

        ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select((caller) => bench.Run(host, $$"""
            const answers = await parallel([0, 1, 2, 3], async (n) => await (await fetch(`ORIGIN/?n={{caller}}${n}`)).text());
            return answers.join(' ');
            """)));

        Assert.Equal(Enumerable.Range(0, 8).Select((n) => $"{n}0 {n}1 {n}2 {n}3"), results.Select((result) => result.Value.AsString()));
        Assert.Equal(32, bench.Asked.Count);
    }

    [Theory]
    [InlineData(ScriptEngine.Native, SecurityLevel.Strict)]
    [InlineData(ScriptEngine.Native, SecurityLevel.Permissive)]
    [InlineData(ScriptEngine.Portable, SecurityLevel.Standard)]
    public async Task It_is_there_on_both_engines_and_the_same_for_the_next_run(ScriptEngine engine, SecurityLevel level)
    {
        await using FetchBench bench = await FetchBench.Open();
        await using EnclaveHost host = bench.Host(change: (options) =>
        {
            (options.Engine, options.SecurityLevel, options.Preset) = (engine, level, GuardPreset.JavaScript);
            options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
            options.WorkerPool = WorkerPoolPresets.For(level) with { StartTimeout = TimeSpan.FromMinutes(1) };
        });
        const string Spoil = """
            const tries = [() => { globalThis.fetch = 1 }, () => { Response.prototype.json = 1 }, () => { fetch.x = 1 }, () => { delete globalThis.Response }];
            const names = tries.map((f) => { try { f(); return 'none' } catch (e) { return e.name } });
            Headers.prototype.forEach = () => { throw 1 }; Promise.prototype.then = undefined;
            return names;
            """;

        ExecutionResult spoiled = await bench.Run(host, Spoil);
        ExecutionResult after = await bench.Run(host, """
            const response = await fetch('ORIGIN/a', { method: 'POST', body: 'b' });
            const { line } = await response.json();
            return [line, response instanceof Response, new Request('http://a.b').method, typeof fetch, `${fetch.name} ${fetch.length}`];
            """);

        Assert.Equal("[\"TypeError\",\"TypeError\",\"TypeError\",\"TypeError\"]", spoiled.Value.ToJsonString());
        Assert.True(after.Success, $"{after.Error?.Message}");
        Assert.Equal("[\"POST /a\",true,\"GET\",\"function\",\"fetch 1\"]", after.Value.ToJsonString());
    }

    [Fact]
    public async Task Without_the_option_there_is_nothing()
    {
        await using var host = new EnclaveHost(new EnclaveOptions().WithoutGuard());

        const string Code = "return [typeof fetch, typeof Request, typeof Response, await callTool('fetch', { url: 'https://a.b' }).catch((e) => e.code)]";

        ExecutionResult result = await Within.Deadline(host.RunAsync(Code), "answer");

        Assert.Equal("""["undefined","undefined","undefined","TOOL_UNKNOWN"]""", result.Value.ToJsonString());
    }
}
