using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Services;

/// <summary>Notifications of running sessions and clients when a service's tools change.</summary>
public sealed class CatalogueChangeTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("enclave-catalogue-").FullName, "service.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task A_session_that_runs_is_told_what_came_and_what_went()
    {
        Write("""{ "/a": { "get": {} }, "/b": { "get": {} } }""");
        using OpenApiService service = await OpenApiService.LoadAsync(Options());
        await using BrokerApp app = await BrokerApp.Open(enclave: (options) => options.Tools.Add(service));
        string before = (await app.Get("/code/actions")).GetProperty("version").GetString()!;
        using HttpResponseMessage waiting = await Waiting(app);

        Write("""{ "/a": { "get": {} }, "/c": { "get": { "parameters": [] } } }""");
        Assert.True(await service.RefreshAsync());
        // The second refresh finds no difference, so nobody is notified.
        Assert.False(await service.RefreshAsync());
        JsonElement after = await app.Get("/code/actions");
        await End(app, waiting);
        JsonElement[] events = await BrokerApp.Events(waiting);

        JsonElement change = Assert.Single(events, (happened) => happened.Type() == "catalog_changed").Payload();
        Assert.Equal(["version", "addedActions", "removedActions"], change.EnumerateObject().Select((member) => member.Name));
        Assert.Equal("""["s:get_c"]""", change.GetProperty("addedActions").GetRawText());
        Assert.Equal("""["s:get_b"]""", change.GetProperty("removedActions").GetRawText());
        Assert.Equal(after.GetProperty("version").GetString(), change.GetProperty("version").GetString());
        Assert.NotEqual(before, change.GetProperty("version").GetString());
        Assert.Equal("session_init", events[0].Type());
        Assert.Equal("final", events[^1].Type());
        Assert.Equal(Enumerable.Range(1, events.Length), events.Select((happened) => happened.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task Another_shape_is_another_version_without_other_names()
    {
        Write("""{ "/a": { "get": {} } }""");
        using OpenApiService service = await OpenApiService.LoadAsync(Options());
        await using BrokerApp app = await BrokerApp.Open(enclave: (options) => options.Tools.Add(service));
        using HttpResponseMessage waiting = await Waiting(app);

        Write("""{ "/a": { "get": { "parameters": [ { "name": "q", "in": "query" } ] } } }""");
        await service.RefreshAsync();
        await End(app, waiting);

        JsonElement change = Assert.Single(await BrokerApp.Events(waiting), (happened) => happened.Type() == "catalog_changed").Payload();
        Assert.Equal(("[]", "[]"), (change.GetProperty("addedActions").GetRawText(), change.GetProperty("removedActions").GetRawText()));
    }

    [Fact]
    public async Task Tenants_that_may_not_call_changed_tools_are_not_told()
    {
        Write("""{ "/a": { "get": {} } }""");
        using OpenApiService service = await OpenApiService.LoadAsync(Options() with { Tool = (_, tool) => tool with { AllowedTenants = ["acme"] } });
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddEnclave((options) =>
                {
                    TestTools.Add(options);
                    options.Tools.Add(service);
                });
                services.AddEnclaveBroker();
                services.AddEnclaveBrokerTokens(
                    (tokens) => tokens.Add("token-of-alice-0123456789", "alice", "acme").Add("token-of-bob-0123456789", "bob", "other"));
            },
            static (built) => built.MapEnclaveBroker().RequireAuthorization());
        using HttpResponseMessage alice = await Waiting(app, "token-of-alice-0123456789"), bob = await Waiting(app, "token-of-bob-0123456789");

        Write("""{ "/b": { "get": {} } }""");
        await service.RefreshAsync();
        JsonElement[] catalogues = [await ToolCatalogue("token-of-alice-0123456789"), await ToolCatalogue("token-of-bob-0123456789")];
        await End(app, alice, "token-of-alice-0123456789");
        await End(app, bob, "token-of-bob-0123456789");

        Assert.Equal("""["s:get_b"]""", Assert.Single(
            await BrokerApp.Events(alice), (happened) => happened.Type() == "catalog_changed").Payload().GetProperty("addedActions").GetRawText());
        Assert.DoesNotContain("catalog_changed", (await BrokerApp.Events(bob)).Types());
        Assert.Equal(1, catalogues[0].GetProperty("services")[0].GetProperty("actionCount").GetInt32());
        Assert.Equal(0, catalogues[1].GetProperty("services").GetArrayLength());
        Assert.DoesNotContain("s:get_", catalogues[1].GetRawText(), StringComparison.Ordinal);

        async Task<JsonElement> ToolCatalogue(string token)
        {
            using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/code/actions", token: token);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        }
    }

    private OpenApiOptions Options() => new() { Name = "s", Document = _file, BaseAddress = new Uri("https://api.example") };

    private void Write(string paths) => File.WriteAllText(_file, $$"""{ "openapi": "3.1.0", "paths": {{paths}} }""");

    /// <summary>A session that runs until it is cancelled.</summary>
    private static async Task<HttpResponseMessage> Waiting(BrokerApp app, string? token = null)
    {
        HttpResponseMessage response = await app.Send(
            HttpMethod.Post, "/sessions", """{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""", token);
        string id = response.Headers.GetValues("X-Session-ID").Single();
        await Within.Becomes(() => Calls() == 1, "the session called its tool");
        return response;

        int Calls()
        {
            using HttpResponseMessage info = app.Send(HttpMethod.Get, $"/sessions/{id}", token: token).GetAwaiter().GetResult();
            return JsonDocument.Parse(info.Content.ReadAsStringAsync().GetAwaiter().GetResult()).RootElement.GetProperty("stats")
                .GetProperty("toolCallCount").GetInt32();
        }
    }

    private static async Task End(BrokerApp app, HttpResponseMessage session, string? token = null) =>
        (await app.Send(HttpMethod.Post, $"/sessions/{session.Headers.GetValues("X-Session-ID").Single()}/cancel", "{}", token)).Dispose();
}
