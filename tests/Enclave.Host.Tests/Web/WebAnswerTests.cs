using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Guard;
using Enclave.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Web;

/// <summary>Results and events of runs on the way to a client.</summary>
public sealed partial class WebAnswerTests
{
    private const string Code = "console.log('é'); return [await callTool('echo', { n: 10n }), new Date(0)]";

    [Fact]
    public async Task A_result_arrives_in_the_documented_form_and_is_read_back()
    {
        ExecutionResult? sent = null;
        await using WebApp web = await WebApp.Open((app) =>
        {
            app.MapGet("/typed", async (IEnclave enclave) => TypedResults.Ok(sent = await enclave.RunAsync(Code)));
            app.MapGet("/json", () => Results.Json(sent));
            app.MapGet("/plain", () => sent);
            app.MapGet("/value", () => sent!.Value);
        });

        ExecutionResult? typed = await web.Client.GetFromJsonAsync<ExecutionResult>("/typed");
        string json = await web.Client.GetStringAsync("/json"), plain = await web.Client.GetStringAsync("/plain"),
            value = await web.Client.GetStringAsync("/value");

        Assert.True(sent!.Success, sent.Error?.Message);
        Assert.Equal(Same(sent.ToJsonString()), Same(json));
        Assert.Equal(Same(sent.ToJsonString()), Same(plain));
        Assert.Equal("""[{"n":"10"},"1970-01-01T00:00:00.000Z"]""", value);
        // Kinds that JSON does not have (BigInt, date) come back as their JSON form. All others come back unchanged.
        Assert.Equal((value, "é\n", null), (typed!.Value.ToJsonString(), typed.Stdout, typed.Error));
        // What the kernel counted is for ledgers, not for answers.
        Assert.Equal(sent.Stats with { KernelCpuTime = default }, typed.Stats);
    }

    [Theory]
    [InlineData("throw new RangeError('<no>')")]
    [InlineData("eval('1')")]
    public async Task A_failure_arrives_with_its_code_and_data_and_is_read_back(string code)
    {
        ExecutionResult? sent = null;
        await using WebApp web = await WebApp.Open((app) =>
        {
            app.MapGet("/result", async (IEnclave enclave) => Results.Json(sent = await enclave.RunAsync(code)));
            app.MapGet("/error", () => TypedResults.BadRequest(sent!.Error));
        });

        ExecutionResult read = (await web.Client.GetFromJsonAsync<ExecutionResult>("/result"))!;
        ExecutionError? error = await (await web.Client.GetAsync("/error")).Content.ReadFromJsonAsync<ExecutionError>();

        Assert.False(read.Success);
        Assert.Equal(sent!.ToJsonString(), read.ToJsonString());
        Assert.Equal((sent.Error!.Code, sent.Error.Message, sent.Error.Stack), (error!.Code, error.Message, error.Stack));
    }

    [Fact]
    public async Task Events_of_a_run_are_server_sent_events_with_all_that_they_say()
    {
        await using WebApp web = await WebApp.Open(
            (app) => app.MapGet("/events", (IEnclave enclave) => TypedResults.ServerSentEvents(enclave.StreamAsync(Code))));

        string text = await web.Client.GetStringAsync("/events");

        JsonElement[] events = [.. text.Split('\n')
            .Where((line) => line.StartsWith("data: ", StringComparison.Ordinal)).Select((line) => JsonDocument.Parse(line[6..]).RootElement)];
        Assert.Equal(["started", "console", "tool_call", "tool_result", "finished"], events.Select((one) => one.GetProperty("type").GetString()));
        Assert.Equal("é", events[1].GetProperty("text").GetString());
        Assert.Equal("""{"n":"10"}""", events[2].GetProperty("args").GetRawText());
        Assert.True(events[4].GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Reports_have_words_and_are_read_back()
    {
        await using WebApp web = await WebApp.Open((app) =>
        {
            app.MapGet("/check", (IEnclave enclave) => enclave.Validate("eval('1')"));
            app.MapGet("/isolation", (IEnclave enclave) => enclave.GetIsolationReport());
            app.MapGet("/pool", () => new PoolSnapshot
            {
                RecycledBy = new Dictionary<RecycleReason, long> { [RecycleReason.StartFailed] = 2 },
                SecurityEventsBy = new Dictionary<SecurityEventKind, long> { [SecurityEventKind.EngineChanged] = 1 },
            });
            app.MapGet("/score", () => RuleBasedScorer.Score("for (const u of await callTool('users:list', { a: 1 })) await callTool('mail:send', u)"));
        });

        JsonElement issue = (await web.Client.GetFromJsonAsync<JsonElement>("/check")).GetProperty("issues")[0];
        JsonElement isolation = await web.Client.GetFromJsonAsync<JsonElement>("/isolation"), layer = isolation.GetProperty("layers")[0];
        JsonElement pool = await web.Client.GetFromJsonAsync<JsonElement>("/pool");
        JsonElement signal = (await web.Client.GetFromJsonAsync<JsonElement>("/score")).GetProperty("signals")[0];

        Assert.Equal("error", issue.GetProperty("severity").GetString());
        Assert.Equal(("Standard", "OwnProcess", "mandatory", "active"), (isolation.GetProperty("level").GetString(), layer.GetProperty("layer").GetString(),
            layer.GetProperty("requirement").GetString(), layer.GetProperty("status").GetString()));
        Assert.Equal((2, 1), (pool.GetProperty("recycledBy").GetProperty("start_failed").GetInt32(),
            pool.GetProperty("securityEventsBy").GetProperty("engine_changed").GetInt32()));
        Assert.Equal("critical", signal.GetProperty("level").GetString());
        IsolationReport? read = await web.Client.GetFromJsonAsync<IsolationReport>("/isolation");
        Assert.Equal((SecurityLevel.Standard, LayerRequirement.Mandatory), (read!.Level, read.Layers[0].Requirement));
        Assert.Equal(2, (await web.Client.GetFromJsonAsync<PoolSnapshot>("/pool"))!.RecycledBy[RecycleReason.StartFailed]);
    }

    /// <summary>JSON without its differences in escapes.</summary>
    private static string Same(string json) =>
        JsonSerializer.Serialize(JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 }).RootElement, s_deep);

    private static readonly JsonSerializerOptions s_deep = new() { MaxDepth = 200 };
}
