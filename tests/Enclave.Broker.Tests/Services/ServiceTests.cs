using System.Net;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Services;

/// <summary>Sessions with the operations of a real service as tools: an ASP.NET Core application over TCP.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private const string RuntimeSecret = "the-runtimes-own-secret";

    private ShopService? _shop;

    public async ValueTask InitializeAsync() => _shop = await ShopService.Start();

    public async ValueTask DisposeAsync() => await _shop!.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_calls_a_services_operations(bool overRuntime)
    {
        await using RuntimeWorker? runtime = overRuntime ? await Runtime() : null;
        await using BrokerApp app = await Open(runtime);

        JsonElement[] events = await app.Run("""
            const order = await callTool('shop:GetOrder', { id: 7 });
            const listed = await callTool('shop:ListOrders', { state: [1, 2], limit: 3 });
            const made = await callTool('shop:CreateOrder', { body: { lines: order.lines, note: 'thanks' } });
            const removed = await callTool('shop:RemoveOrder', { id: made.id });
            const who = await callTool('shop:Who');
            return { order, states: listed.map((one) => one.state), note: made.note, removed, known: who.isKnown, key: who.key };
            """);

        Assert.Equal(
            """{"order":{"id":7,"state":0,"lines":[{"article":"tea","count":2}],"note":null}""" +
                ""","states":[1,2],"note":"thanks","removed":null,"known":true,"key":"***"}""",
            events.Final().GetProperty("result").GetRawText());
        Assert.Equal(5, events.Types().Count((type) => type == "tool_result_applied"));
        Assert.DoesNotContain(events, (happened) => happened.GetRawText().Contains(ShopService.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_services_failure_has_its_number_and_its_words(bool overRuntime)
    {
        await using RuntimeWorker? runtime = overRuntime ? await Runtime() : null;
        await using BrokerApp app = await Open(runtime);

        JsonElement final = (await app.Run("return await callTool('shop:GetOrder', { id: 404 })")).Final();

        Assert.Equal("TOOL_ERROR", final.ErrorCode());
        Assert.Equal("HTTP_404", final.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains("shop:GetOrder failed: the service answered 404: there is no such order",
            final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_that_is_missing_is_said_in_the_words_of_the_wire(bool overRuntime)
    {
        await using RuntimeWorker? runtime = overRuntime ? await Runtime() : null;
        await using BrokerApp app = await Open(runtime, secret: null);

        JsonElement final = (await app.Run("return await callTool('shop:Who')")).Final();

        Assert.Equal("TOOL_SECRET_MISSING", final.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal("Missing required secret \"SHOP_KEY\" for tool \"shop:Who\"", final.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_the_document_never_leave()
    {
        await using BrokerApp app = await Open();

        JsonElement final = (await app.Run("""
            const refused = [];
            try { await callTool('shop:GetOrder', { id: '../admin' }) } catch (e) { refused.push(e.message) }
            try { await callTool('shop:CreateOrder', { body: { lines: [{ article: 'tea' }] } }) } catch (e) { refused.push(e.message) }
            try { await callTool('shop:GetOrder', { ID: 1 }) } catch (e) { refused.push(e.message) }
            return refused;
            """)).Final();

        string[] refused = [.. final.GetProperty("result").EnumerateArray().Select((text) => text.GetString()!)];
        Assert.Equal(3, refused.Length);
        Assert.All(refused, (text) => Assert.Contains("do not fit: $.", text, StringComparison.Ordinal));
    }

    /// <summary>Kestrel and its routing must read the values as they were given.</summary>
    [Fact]
    public async Task Any_text_arrives_unchanged_and_on_the_same_route()
    {
        using OpenApiService service = await Within.Deadline(OpenApiService.LoadAsync(_shop!.Options() with { Credential = null }), "document");
        await using BrokerApp app = await BrokerApp.Open(enclave: (options) => options.Tools.Add(service));
        string[] texts = ["plain",
            "a b", "ä漢𝒳", "a%2fb", "100%", "?q=2#x", "a&b=c;d", "it's (fine)*!", "a@b:c", "'; drop", "...", ".hidden", "a+b", "{x}", "%00", "<tag>", "\u2028"];

        foreach (string text in texts)
        {
            string given = JsonSerializer.Serialize(text);
            JsonElement heard = (await app.Run($"return await callTool('shop:Echo', {{ text: {given}, q: {given} }})")).Final().GetProperty("result");

            Assert.Equal((text, text), (heard.GetProperty("text").GetString(), heard.GetProperty("q").GetString()));
            Assert.Matches("^/echo/[^/?#]+/end\\?q=[^?#&]+$", heard.GetProperty("target").GetString());
        }

        // A slash stays encoded on the wire; how Kestrel decodes it is its own matter.
        JsonElement slash = (await app.Run("return await callTool('shop:Echo', { text: 'a/b', q: '\\r\\nX-Evil: 1' })")).Final().GetProperty("result");
        Assert.Equal("/echo/a%2Fb/end?q=%0D%0AX-Evil%3A%201", slash.GetProperty("target").GetString());
    }

    [Fact]
    public async Task Redirects_are_not_followed_and_cookies_not_kept()
    {
        await using BrokerApp app = await Open();

        JsonElement result = (await app.Run("""
            const kept = await callTool('shop:Cookie');
            const who = await callTool('shop:Who');
            let code = '';
            try { await callTool('shop:Away') } catch (e) { code = e.code }
            return { kept, cookie: who.cookie, code };
            """)).Final().GetProperty("result");

        Assert.Equal("""{"kept":"kept?","cookie":"","code":"HTTP_302"}""", result.GetRawText());
    }

    [Fact]
    public async Task An_answer_is_bounded_and_a_wait_ends()
    {
        await using BrokerApp app = await Open(change: (service) => service with { MaxResponseBytes = 100 << 10, Timeout = TimeSpan.FromSeconds(3) });

        JsonElement result = (await app.Run("""
            const codes = [];
            try { codes.push((await callTool('shop:Large', { kb: 50 })).length) } catch (e) { codes.push(e.code) }
            try { codes.push((await callTool('shop:Large', { kb: 200 })).length) } catch (e) { codes.push(e.code) }
            try { codes.push(await callTool('shop:Slow')) } catch (e) { codes.push(e.code) }
            return codes;
            """)).Final().GetProperty("result");

        Assert.Equal("""[51200,"TOOL_RESULT_TOO_LARGE","TOOL_TIMEOUT"]""", result.GetRawText());
    }

    [Fact]
    public async Task The_catalogue_tells_services_and_which_action_is_whose()
    {
        await using BrokerApp app = await Open(change: (service) => service with
        {
            Include = (operation) => operation.Tags.Contains("orders"),
            SpecUrl = new Uri("https://docs.example/shop.json"),
        });

        JsonElement catalogue = await app.Get("/code/actions");

        Assert.Equal(["actions", "services", "version"], catalogue.EnumerateObject().Select((member) => member.Name));
        JsonElement[] actions = [.. catalogue.GetProperty("actions").EnumerateArray()];
        Assert.Equal(["shop:CreateOrder", "shop:GetOrder", "shop:ListOrders", "shop:RemoveOrder"], Of("shop").Order(StringComparer.Ordinal));
        Assert.Contains("math:add", Of("default"));
        Assert.Equal(
            "One order.", actions.Single((action) => action.GetProperty("name").GetString() == "shop:GetOrder").GetProperty("description").GetString());
        JsonElement service = Assert.Single(catalogue.GetProperty("services").EnumerateArray());
        Assert.Equal(["name", "specUrl", "lastUpdated", "actionCount"], service.EnumerateObject().Select((member) => member.Name));
        Assert.Equal(("shop", "https://docs.example/shop.json", 4),
            (service.GetProperty("name").GetString(), service.GetProperty("specUrl").GetString(), service.GetProperty("actionCount").GetInt32()));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", service.GetProperty("lastUpdated").GetString());

        string[] Of(string name) =>
            [.. actions.Where((action) => action.GetProperty("service").GetString() == name).Select((action) => action.GetProperty("name").GetString()!)];
    }

    [Fact]
    public async Task A_broker_whose_services_document_is_not_to_be_had_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<OpenApiException>(
            () => Open(change: (service) => service with { Document = new Uri(_shop!.Address, "/none.json").AbsoluteUri }));

        Assert.Contains("answered 404", fault.Message, StringComparison.Ordinal);
    }

    private Task<BrokerApp> Open(RuntimeWorker? runtime = null, string? secret = ShopService.Key, Func<OpenApiOptions, OpenApiOptions>? change = null) =>
        BrokerApp.Start(
        (services) =>
        {
            Action<EnclaveOptions> configure = (options) =>
            {
                TestTools.Add(options);
                options.Secrets = SecretSources.Of((name, _, _) => new ValueTask<string?>(name == "SHOP_KEY" ? secret : null));
            };
            services.AddEnclaveOpenApi((change ?? ((same) => same))(_shop!.Options()));
            if (runtime is null)
            {
                services.AddEnclave(configure);
                services.AddEnclaveBroker();
                return;
            }

            services.AddOptions<EnclaveOptions>().Configure(configure);
            services.AddEnclaveBrokerOverRuntimes((options) =>
            {
                options.Runtimes.Add(new UriBuilder(runtime.Address!) { Scheme = "ws" }.Uri);
                options.Token = RuntimeSecret;
            });
        },
        static (app) => app.MapEnclaveBroker().AllowAnonymous());

    private static async Task<RuntimeWorker> Runtime()
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = 0,
            SecurityLevel = SecurityLevel.Standard,
            Security = new RuntimeSecurityOptions { SharedSecret = RuntimeSecret },
        });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }
}
