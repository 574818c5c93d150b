using Enclave.Host.Tests.Records;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Fetch;

/// <summary>Secrets that the host adds: they reach their origin and nothing else.</summary>
public sealed class FetchCredentialTests
{
    private const string Secret = "s3cr3t-of-the-operator";

    [Fact]
    public async Task A_secret_reaches_its_origin_and_never_the_script()
    {
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = async (context) =>
        {
            string sent = context.Request.Headers.Authorization.ToString();
            context.Response.Headers.SetCookie = "session=1";
            context.Response.Headers["X-Echo"] = sent;
            context.Response.StatusCode = context.Request.Path == "/bad" ? 401 : 200;
            await context.Response.WriteAsync($"you sent {sent}");
        };
        var sink = new MemorySink();
        var log = new LogLines();
        var options = new EnclaveOptions
        {
            Fetch = With(bench, HttpCredential.Bearer("API_KEY")),
            Secrets = Source(Secret),
            Audit = new AuditOptions { Sink = sink, Arguments = AuditArguments.Full },
            VerboseErrors = true,
        };
        var texts = new List<string>();
        await using (var host = new EnclaveHost(options, log))
        {
            ExecutionResult result = await bench.Run(host, """
                const all = [];
                for (const path of ['/good', '/bad']) {
                  const r = await fetch(`ORIGIN${path}`);
                  all.push(r.status, r.headers.get('x-echo'), await r.text(), r.headers.getSetCookie().length);
                }
                console.log(JSON.stringify(all));
                return all;
                """, new RunOptions { Record = true });
            // In bytes too, whatever its length.
            const string One = "\"Bearer ***\",\"you sent Bearer ***\",0";
            Assert.Equal($"[200,{One},401,{One}]", result.Value.ToJsonString());
            texts.AddRange([result.ToJsonString(), result.Recording!.ToJsonString()]);
        }

        Assert.All(bench.Asked, (asked) => Assert.Equal($"Bearer {Secret}", asked.Headers["authorization"]));
        texts.AddRange([.. sink.Records.Select((record) => record.ToString()), .. log.Texts, .. log.Faults]);
        Assert.Contains(texts, (text) => text.Contains("fetch", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, (text) => text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_takes_no_secret_to_another_origin()
    {
        await using FetchBench other = await FetchBench.Open((context) => context.Response.WriteAsync("other"));
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = (context) =>
        {
            context.Response.Redirect(context.Request.Path == "/here" ? "/there" : $"{other.Origin}/{context.Request.Query["key"]}");
            return Task.CompletedTask;
        };
        FetchOptions both = bench.Options() with
        {
            Origins =
            [
                new FetchOrigin { Origin = bench.Origin, Credential = HttpCredential.Query("key", "API_KEY") },
                new FetchOrigin { Origin = other.Origin },
            ],
        };

        string value = await bench.Value("""
            const r = await fetch('ORIGIN/here', { headers: { Authorization: 'script' } });
            return [await r.text(), r.redirected, r.url];
            """, both, (options) => options.Secrets = Source(Secret));

        Assert.Equal($"[\"other\",true,\"{other.Origin}/***\"]", value);
        Assert.Equal([$"GET /here?key={Secret}", $"GET /there?key={Secret}"], bench.Asked.Select((asked) => asked.Line));
        Assert.All(bench.Asked, (asked) => Assert.Equal("script", asked.Headers["authorization"]));
        Assert.False(Assert.Single(other.Asked).Headers.ContainsKey("authorization"));
    }

    [Theory]
    [InlineData("fetch('ORIGIN', { headers: { Authorization: 'Bearer mine' } })", "the header authorization is the host's")]
    [InlineData("fetch('ORIGIN/?access_token=mine')", "the query names access_token, which is the host's")]
    [InlineData("fetch('ORIGIN/?%61ccess_token=mine')", "which is the host's")]
    [InlineData("fetch('ORIGIN/?a=1;Access-Token=mine')", "which is the host's")]
    public async Task A_script_puts_nothing_beside_a_secret(string call, string words)
    {
        await using FetchBench bench = await FetchBench.Open();

        Assert.Contains(words, await bench.Refusal(call, With(bench, HttpCredential.Bearer("API_KEY")), (options) => options.Secrets = Source(Secret)),
            StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Theory]
    [InlineData(null, "TOOL_SECRET_MISSING: Missing required secret \"API_KEY\"")]
    [InlineData("two\nlines", "TOOL_FAILED: fetch failed")]
    public async Task A_secret_that_is_missing_or_broken_is_told_by_its_name_only(string? secret, string words)
    {
        await using FetchBench bench = await FetchBench.Open();
        FetchOptions options = With(bench, HttpCredential.Header("X-Api-Key", "API_KEY"));

        string refusal = await bench.Refusal("fetch('ORIGIN')", options, (host) => host.Secrets = Source(secret));

        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("two", refusal, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Fact]
    public async Task A_secret_is_needed_for_its_own_origin_alone_and_is_the_tenants()
    {
        await using FetchBench bench = await FetchBench.Open();
        FetchOptions options = bench.Options() with
        {
            Origins = [new FetchOrigin { Origin = bench.Origin, Credential = HttpCredential.Header("X-Api-Key", "API_KEY"), AllowedTenants = ["a", "b"] },
                new FetchOrigin { Origin = bench.Origin, AllowedTenants = ["c"] }],
        };
        await using EnclaveHost host = bench.Host(
            options, (own) => own.Secrets = SecretSources.Of((_, tenant, _) => new(tenant == "c" ? null : $"key-of-{tenant}-long")));
        const string Code = "return await fetch('ORIGIN').then(async (r) => (await r.json()).headers['x-api-key'] ?? null, (e) => e.code)";

        string[] values = [.. await Task.WhenAll(((string?[])["a", "b", "c", "d", null]).Select(async (tenant) =>
            (await bench.Run(host, Code, new RunOptions { Tenant = tenant })).Value.ToJsonString()))];

        Assert.Equal(["\"***\"", "\"***\"", "null", "\"TOOL_NOT_ALLOWED\"", "\"TOOL_NOT_ALLOWED\""], values);
        Assert.Equal(["", "key-of-a-long", "key-of-b-long"],
            bench.Asked.Select((asked) => asked.Headers.GetValueOrDefault("x-api-key") ?? "").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_host_without_a_source_of_secrets_does_not_start()
    {
        var options = new EnclaveOptions
        {
            Fetch = new FetchOptions { Origins = [new FetchOrigin { Origin = "https://api.example", Credential = HttpCredential.Bearer("API_KEY") }] },
        };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => new EnclaveHost(options));
        Assert.Contains("tool fetch needs the secret API_KEY", fault.Message, StringComparison.Ordinal);
    }

    private static FetchOptions With(FetchBench bench, HttpCredential credential) =>
        bench.Options() with { Origins = [new FetchOrigin { Origin = bench.Origin, Credential = credential }] };

    private static ISecretSource Source(string? secret) => SecretSources.Of((_, _, _) => new ValueTask<string?>(secret));
}
