using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Filters come from clients and are applied to every event.</summary>
public sealed class FilterCostTests
{
    private const string Attack =
        """{"mode":"include","rules":[{"content":{"patterns":[{"type":"regex","pattern":"[ab]*a[abc1]{PLACE}b.{200}c"}]}}],"regexTimeoutMs":1000}""";

    private const string Lines =
        "for (let i = 0; i < 3; i++) { let x = ''; for (let j = 0; j < 9000; j++) x += 'ab'[(i * j * j * 7 + j) % 13 % 2]; console.log(x) } return 1";

    /// <summary>The steps that the limits of filters allow 16 readers on three lines: 10,000 characters of each line by 1,024 steps of the pattern.</summary>
    /// <remarks>RegexPatternTests counts the steps, and finds no more.</remarks>
    private const long MostSteps = 16L * 3 * 10_000 * 1_024;

    /// <summary>A step and all that belongs to it may take 25 ns on a busy machine, so all of them 12 s. The states of .NET's own engine took 60.</summary>
    private const long StepsInAMicrosecond = 40;

    [Fact]
    public async Task Patterns_that_make_many_states_cost_neither_memory_nor_cores()
    {
        // .NET's own engine without backtracking took 100 to 270 MB for each of these, for as long as its reader was connected.
        await using CliServer server = await CliServer.Bounded(256 << 20);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(1) };
        (await http.PostAsync("/sessions", BrokerApp.Json(JsonSerializer.Serialize(new { sessionId = "s_text", code = Lines })))).Dispose();
        TimeSpan before = server.Cpu();

        string[] ends = await Task.WhenAll(Enumerable.Range(0, 16).Select(async (i) =>
        {
            string filter = Attack.Replace("PLACE", $"{600 + i}", StringComparison.Ordinal);
            return (await http.GetStringAsync($"/sessions/s_text/stream?filter={Uri.EscapeDataString(filter)}"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        }));

        Assert.All(ends, (end) => Assert.Contains("\"final\"", end, StringComparison.Ordinal));
        Assert.InRange(server.Cpu() - before, TimeSpan.Zero, TimeSpan.FromMicroseconds(MostSteps / StepsInAMicrosecond));
        Assert.InRange(server.Resident(), 0, 500 << 20);
    }

    [Fact]
    public async Task An_owner_has_so_many_readers_that_look_into_events()
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.MaxFilteredReadersPerOwner = 2);
        string inside = Attack.Replace("PLACE", "3", StringComparison.Ordinal), types = """{"types":["stdout"]}""";
        using HttpResponseMessage first = await app.Post(
            $$"""{ "sessionId": "s_long", "filter": {{inside}}, "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        using HttpResponseMessage second = await Read(inside);

        using HttpResponseMessage third = await Read(inside);
        using HttpResponseMessage opened = await app.Post($$"""{ "sessionId": "s_more", "filter": {{inside}}, "code": "return 1" }""");
        using HttpResponseMessage ofTypes = await Read(types);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK],
            new[] { first, second, third, opened, ofTypes }.Select((answer) => answer.StatusCode));
        using HttpResponseMessage unknown = await app.Send(HttpMethod.Get, "/sessions/s_more");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        second.Dispose();
        await Within.Becomes(
            () =>
            {
                using HttpResponseMessage again = Read(inside).GetAwaiter().GetResult();
                return again.StatusCode == HttpStatusCode.OK;
            },
            "the place of a reader that left is free");

        Task<HttpResponseMessage> Read(string filter) => app.Send(HttpMethod.Get, $"/sessions/s_long/stream?filter={Uri.EscapeDataString(filter)}");
    }

    [Fact]
    public async Task A_result_that_is_deeply_nested_passes_a_filter()
    {
        await using BrokerApp app = await BrokerApp.Open(enclave: (options) => options.SecurityLevel = SecurityLevel.Permissive);

        JsonElement[] events = await app.Run("let deep = 1; for (let i = 0; i < 70; i++) deep = [deep]; return deep",
            $$""", "filter": {{Attack.Replace("PLACE", "3", StringComparison.Ordinal)}} """);

        Assert.True(events.Length > 0 && events[^1].Payload().GetProperty("ok").GetBoolean(), events[^1].GetRawText());
    }
}
