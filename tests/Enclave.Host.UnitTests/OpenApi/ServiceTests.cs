using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>A service as a whole: its names, its address, and what a refresh changes.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Operations_are_called_as_the_document_calls_them_and_else_by_method_and_path()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document("""
            {
              "/a": { "get": { "operationId": "listThem" }, "post": { "operationId": "Pets.create it!" } },
              "/a/{id}": { "parameters": [ { "name": "id", "in": "path", "required": true } ], "get": {}, "delete": { "operationId": "…" } },
              "/twice": { "get": { "operationId": "same" }, "put": { "operationId": "same" } },
              "/": { "get": {}, "trace": {}, "x-get": {} }
            }
            """));

        Assert.Equal(["s:listThem", "s:Pets_create_it", "s:get_a_id", "s:delete_a_id", "s:get_twice", "s:put_twice", "s:get"],
            service.Tools.Select((tool) => tool.Name));
    }

    [Fact]
    public async Task Two_operations_that_would_have_one_name_are_refused()
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load(ServiceBench.Document("""{ "/a/b": { "get": {} }, "/a_b": { "get": {} } }""")));

        Assert.Equal("GET /a/b and GET /a_b would both be s:get_a_b: give them an operationId each, or leave one out (Include)", fault.Message);
    }

    [Fact]
    public async Task A_tool_declares_what_its_method_means_unless_the_operator_knows_better()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Document("""{ "/a": { "get": {}, "head": {}, "post": {}, "put": {}, "patch": {}, "delete": {}, "options": {} }""" +
            """, "/search": { "post": { "tags": ["reads"] } } }"""),
            (options) => options with
            {
                Timeout = TimeSpan.FromSeconds(7),
                Tool = (operation, tool) =>
                operation.Tags.Contains("reads") ? tool with { Effects = ToolEffects.Reads, Labels = ["pii"], MaxConcurrency = 2 } : tool
            });

        var effects = service.Tools.ToDictionary((tool) => tool.Name, (tool) => tool.Options.Effects);
        Assert.All(["s:get_a", "s:head_a", "s:options_a"], (name) => Assert.Equal(ToolEffects.Reads, effects[name]));
        Assert.All(["s:post_a", "s:put_a", "s:patch_a"], (name) => Assert.Equal(ToolEffects.Writes | ToolEffects.Sends, effects[name]));
        Assert.Equal(ToolEffects.Deletes, effects["s:delete_a"]);
        ToolOptions search = service.Tools.Single((tool) => tool.Name == "s:post_search").Options;
        Assert.Equal(
            (ToolEffects.Reads, 2, TimeSpan.FromSeconds(7), "POST /search."), (search.Effects, search.MaxConcurrency, search.Timeout, search.Description));
    }

    [Fact]
    public async Task An_operators_options_of_a_tool_are_checked()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => _bench.Load(ServiceBench.Operation(""), (options) => options with { Tool = (_, tool) => tool with { MaxConcurrency = 0 } }));
        await Assert.ThrowsAsync<ArgumentException>(
            () => _bench.Load(ServiceBench.Operation("", method: "post"), (options) => options with { Tool = (_, tool) => tool with { Labels = ["pii"] } }));
        await Assert.ThrowsAsync<ArgumentException>(() => _bench.Load(ServiceBench.Operation(""), (options) => options with { Tool = (_, _) => null! }));
    }

    [Theory]
    [InlineData("https://a.example/base/", null, "https://a.example/base/op")]
    [InlineData("https://a.example:8443", null, "https://a.example:8443/op")]
    [InlineData("HTTPS://A.Example:443/Base//", null, "https://a.example/Base/op")]
    [InlineData("https://[::1]:5001/x", null, "https://[::1]:5001/x/op")]
    [InlineData("https://a.example/ä b/%7e", null, "https://a.example/%C3%A4%20b/~/op")]
    [InlineData("https://bücher.example", null, "https://bücher.example/op")]
    [InlineData(null, """{ "url": "https://b.example/v2" }""", "https://b.example/v2/op")]
    [InlineData(
        null, """{ "url": "https://{host}.example/{v}", "variables": { "host": { "default": "c" }, "v": { "default": "v3" } } }""", "https://c.example/v3/op")]
    [InlineData("https://a.example", """{ "url": "http://ignored.example" }""", "https://a.example/op")]
    public async Task A_call_goes_to_the_operators_address_or_to_the_documents_first(string? own, string? server, string expected)
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("", more: server is null ? "" : $"\"servers\": [ {server}, {{ \"url\": \"https://second.example\" }} ],"), (options) =>
                options with { BaseAddress = own is null ? null : new Uri(own) });

        Assert.Equal(expected, (await _bench.Ask(service, "{}")).Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://a.example", null, "without TLS")]
    [InlineData("https://user:pw@a.example", null, "more than a scheme, a host and a path")]
    [InlineData("https://a.example/?x=1", null, "more than a scheme, a host and a path")]
    [InlineData("https://a.example/#x", null, "more than a scheme, a host and a path")]
    [InlineData("ftp://a.example/", null, "does not begin with https://")]
    [InlineData("file:///etc", null, "does not begin with https://")]
    [InlineData(null, """{ "url": "http://b.example" }""", "without TLS")]
    [InlineData(null, """{ "url": "/relative" }""", "https://")]
    [InlineData(null, """{ "url": "file:///etc/" }""", "does not begin with https://")]
    [InlineData(null, null, "https://")]
    [InlineData(null, """{ "url": 7 }""", "https://")]
    public async Task An_address_that_may_not_be_called_is_refused(string? own, string? server, string words)
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(
            ServiceBench.Operation("", more: server is null ? "" : $"\"servers\": [ {server} ],"), (options) =>
                options with { BaseAddress = own is null ? null : new Uri(own) }));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_tls_only_by_the_operators_word()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation(""), (options) => options with { BaseAddress = new Uri("http://a.example"), AllowHttp = true });

        Assert.Equal("http://a.example/op", (await _bench.Ask(service, "{}")).Address.AbsoluteUri);
    }

    [Fact]
    public async Task A_relative_server_is_where_the_document_is()
    {
        _bench.Answer = (_, _) => Task.FromResult(ServiceBench.Json(ServiceBench.Operation("", more: "\"servers\": [ { \"url\": \"../api\" } ],")));

        OpenApiService service = await _bench.Load("{}", (options) => options with { Document = "https://d.example/docs/v1/openapi.json", BaseAddress = null });

        Assert.Equal("https://d.example/docs/api/op", (await _bench.Ask(service, "{}")).Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("a:b")]
    [InlineData("1a")]
    public async Task A_service_has_a_name(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _bench.Load(ServiceBench.Operation(""), (options) => options with { Name = name }));

    [Fact]
    public async Task Options_have_ranges()
    {
        Func<OpenApiOptions, OpenApiOptions>[] wrong =
        [
            (options) => options with { MaxOperations = 0 }, (options) => options with { MaxDocumentBytes = 1 }, (options) =>
                options with { MaxResponseBytes = 0 }, (options) => options with { Timeout = TimeSpan.Zero },
            (options) => options with { RefreshInterval = TimeSpan.FromMilliseconds(1) }, (options) =>
                options with { SpecUrl = new Uri("relative", UriKind.Relative) },
            (options) => options with { Secrets = new Dictionary<string, string> { ["a"] = "../b" } }, (options) => options with { Document = "" },
        ];
        foreach (Func<OpenApiOptions, OpenApiOptions> change in wrong)
            await Assert.ThrowsAsync<ArgumentException>(() => _bench.Load(ServiceBench.Operation(""), change));
    }

    [Fact]
    public async Task A_collection_has_the_tools_of_its_services_in_their_place()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document("""{ "/a": { "get": {}, "put": {} } }"""));
        var tools = new ToolCollection();
        tools.Add<ScriptValue, int>("first", Nothing).Add(service).Add<ScriptValue, int>("last", Nothing);

        Assert.Equal(["first", "s:get_a", "s:put_a", "last"], tools.Select((tool) => tool.Name));
        Assert.Equal(4, tools.Count);
        Assert.True(tools.TryGet("s:put_a", out ToolDefinition? found) && found == service.Tools[1]);
        Assert.False(tools.TryGet("s:none", out _));
        Assert.Throws<ArgumentException>(() => tools.Add<ScriptValue, int>("s:other", Nothing));
        Assert.Throws<ArgumentException>(() => tools.Add(service));
        Assert.Throws<ArgumentException>(() => new ToolCollection().Add<ScriptValue, int>("s:mine", Nothing).Add(service));
        tools.Add<ScriptValue, int>("s", Nothing).Add<ScriptValue, int>("other:tool", Nothing);
    }

    [Fact]
    public async Task A_refresh_changes_what_is_different_and_leaves_the_rest()
    {
        string document = ServiceBench.Document("""{ "/a": { "get": {}, "put": { "summary": "Old." }, "delete": {} } }""");
        OpenApiService service = await _bench.Load(document);
        ToolDefinition[] before = [.. service.Tools];
        DateTimeOffset at = service.LastUpdated;
        string file = Directory.EnumerateFiles(Path.GetDirectoryName(_bench.Write("{}"))!).Order(StringComparer.Ordinal).First();

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await service.RefreshAsync());
        Assert.Equal(at, service.LastUpdated);
        await File.WriteAllTextAsync(file, ServiceBench.Document("""{ "/a": { "get": {}, "put": { "summary": "New." }, "post": {} } }"""));
        Assert.True(await service.RefreshAsync());

        Assert.Equal(at + TimeSpan.FromMinutes(1), service.LastUpdated);
        Assert.Equal(["s:get_a", "s:put_a", "s:post_a"], service.Tools.Select((tool) => tool.Name));
        Assert.Same(before[0], service.Tools[0]);
        Assert.NotSame(before[1], service.Tools[1]);
        Assert.Equal("New.", service.Tools[1].Description);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "openapi": "3.1.0", "servers": [ { "url": "https://evil.example" } ], "paths": { "/op": { "get": {} } } }""")]
    public async Task A_refresh_that_fails_changes_nothing(string after)
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("", more: "\"servers\": [ { \"url\": \"https://b.example\" } ],"), (options) => options with { BaseAddress = null });
        string file = Directory.EnumerateFiles(Path.GetDirectoryName(_bench.Write("{}"))!).Order(StringComparer.Ordinal).First();
        ToolDefinition before = service.Tools.Single();

        await File.WriteAllTextAsync(file, after);
        await Assert.ThrowsAsync<OpenApiException>(() => service.RefreshAsync());

        Assert.Same(before, service.Tools.Single());
        Assert.Equal("https://b.example/op", (await _bench.Ask(service, "{}")).Address.AbsoluteUri);
    }

    [Fact]
    public async Task Refreshes_at_the_same_time_come_one_after_another()
    {
        int now = 0, most = 0;
        _bench.Answer = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return ServiceBench.Json(ServiceBench.Operation(""));
        };
        OpenApiService service = await _bench.Load("{}", (options) => options with { Document = "https://d.example/a.json" });

        await Within.Deadline(Task.WhenAll(Enumerable.Range(0, 20).Select((_) => service.RefreshAsync())), "refreshes");

        Assert.Equal((1, 21), (most, _bench.Requests.Count));
    }

    [Fact]
    public async Task A_call_that_is_given_up_gives_up_its_request()
    {
        var given = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _bench.Answer = async (_, token) =>
        {
            token.Register(given.SetResult);
            asked.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return null!;
        };
        OpenApiService service = await _bench.Load(ServiceBench.Operation(""));
        using var cancel = new CancellationTokenSource();

        Task<ScriptValue> call = _bench.Call(service, "s:op", "{}", cancel.Token);
        await Within.Deadline(asked.Task, "request");
        await cancel.CancelAsync();

        await Within.Deadline(given.Task, "end of the request");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static Task<int> Nothing(ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(0);
}
