using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>A session's events for browsers' EventSource: with type and number, and from the last number on after a break.</summary>
public sealed class ServerSentEventTests
{
    private const string EventStream = "text/event-stream";

    [Theory]
    [InlineData(EventStream)]
    [InlineData("text/html, Text/Event-Stream; q=0.9")]
    public async Task Each_event_has_its_type_and_its_number(string accept)
    {
        await using BrokerApp broker = await BrokerApp.Open();
        JsonElement[] lines = await broker.Run("console.log('a\\nb\\u2028'); return 42", ", \"sessionId\": \"s_events\"");

        (HttpStatusCode status, string? type, string text) = await Read(broker, accept);

        Assert.Equal((HttpStatusCode.OK, EventStream), (status, type));
        string[][] events = [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select((one) => one.Split('\n'))];
        Assert.Equal(
            lines.Select((line) => $"event: {line.GetProperty("type").GetString()}|id: {line.GetProperty("seq")}"),
            events.Select((one) => $"{one[0]}|{one[1]}"));
        Assert.All(events.Zip(lines), (pair) => Assert.Equal(pair.Second.GetRawText(), pair.First[2]["data: ".Length..]));
        Assert.All(events, (one) => Assert.Equal(3, one.Length));
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_it_has_not_seen()
    {
        await using BrokerApp broker = await BrokerApp.Open();
        JsonElement[] lines = await broker.Run("console.log('a'); return 42", ", \"sessionId\": \"s_events\"");

        (_, _, string rest) = await Read(broker, EventStream, last: $"{lines.Length - 1}");
        (HttpStatusCode status, _, string nothing) = await Read(broker, EventStream, last: $"{lines.Length}");

        Assert.StartsWith($"event: final\nid: {lines.Length}\ndata: ", rest, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NoContent, ""), (status, nothing));
    }

    [Fact]
    public async Task A_session_may_be_opened_so()
    {
        await using BrokerApp broker = await BrokerApp.Open();
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions") { Content = BrokerApp.Json("""{ "code": "return 1" }""") };
        request.Headers.TryAddWithoutValidation("Accept", EventStream);

        using HttpResponseMessage response = await Within.Deadline(broker.Http.SendAsync(request), "answer");

        Assert.StartsWith("event: session_init\nid: 1\ndata: {", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/x-ndjson")]
    public async Task All_others_get_lines(string? accept)
    {
        await using BrokerApp broker = await BrokerApp.Open();
        await broker.Run("return 42", ", \"sessionId\": \"s_events\"");

        (_, string? type, string text) = await Read(broker, accept);

        Assert.Equal("application/x-ndjson", type);
        Assert.StartsWith("{", text, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Text)> Read(BrokerApp broker, string? accept, string? last = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/sessions/s_events/stream");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        using HttpResponseMessage response = await Within.Deadline(broker.Http.SendAsync(request), "answer");
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
