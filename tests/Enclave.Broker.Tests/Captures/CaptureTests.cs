using System.Text.Json;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Captures;

/// <summary>Repeats the recorded conversations with the documented product's broker against ours.</summary>
public sealed class CaptureTests
{
    public static TheoryData<string> Playable =>
        CaptureFiles.Names.Length == 0 ? [CaptureFiles.Absent] : [.. CaptureFiles.Names.Except(Scenarios.NotPlayable.Keys)];

    [Theory]
    [MemberData(nameof(Playable))]
    public async Task A_recorded_conversation_goes_as_it_was_recorded(string scenario)
    {
        CaptureFiles.Need();
        JsonElement[] lines = CaptureFiles.Read(scenario);
        await using BrokerApp app = await BrokerApp.Open((options) => Scenarios.Configure(scenario, options));
        // The recorded deadlines are shorter than a worker may take to start.
        await Within.Deadline(app.Services.GetRequiredService<IEnclave>().RunAsync("return 0"), "a first run");
        if (scenario == "http-disposed") await app.Services.GetRequiredService<SessionDirectory>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
        using HttpResponseMessage? opening = Scenarios.Openings.TryGetValue(scenario, out string? body) ? await app.Post(body) : null;
        using var replay = new Replay(app, (exchange) => Expected(scenario, exchange));

        await replay.PlayAsync(lines);

        Assert.All(replay.All, (exchange) => Compare(scenario, exchange));
    }

    [Fact]
    public void Every_deviation_is_of_a_request_that_is_played()
    {
        CaptureFiles.Need();
        Assert.Empty(Deviations.All.Select((known) => known.Scenario).Except(CaptureFiles.Names.Except(Scenarios.NotPlayable.Keys)));
        Assert.DoesNotContain(Deviations.All, (known) =>
            known.Request < 1 || known.Request > CaptureFiles.Read(known.Scenario).Count((line) => line.GetProperty("kind").GetString() == "request"));
        Assert.Empty(Scenarios.NotPlayable.Keys.Concat(Scenarios.Openings.Keys).Except(CaptureFiles.Names));
    }

    /// <summary>The recordings cover this too, where they are present.</summary>
    [Fact]
    public async Task A_completed_session_stays_completed()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await app.Run("return 1", """, "sessionId": "s_done" """);
        SessionDirectory sessions = app.Services.GetRequiredService<SessionDirectory>();
        await Within.Becomes(() => sessions.Count.Running == 0, "the run was over");

        Assert.Equal("completed", (await app.Get("/sessions/s_done")).GetProperty("state").GetString());
    }

    private static IEnumerable<Deviation> Known(string scenario, Exchange exchange) =>
        Deviations.All.Where((known) => known.Scenario == scenario && known.Request == exchange.Number);

    private static List<string> Expected(string scenario, Exchange exchange)
    {
        List<string> expected = exchange.Recorded();
        int page = expected.IndexOf(Deviations.Everywhere.Recorded);
        if (page >= 0)
        {
            expected.RemoveAt(page);
            expected.InsertRange(page, Deviations.Everywhere.Ours);
        }

        foreach (Deviation deviation in Known(scenario, exchange)) deviation.Apply(expected);
        return expected;
    }

    private static void Compare(string scenario, Exchange exchange)
    {
        List<string> expected = Expected(scenario, exchange), ours = exchange.Ours();
        if (!exchange.IsWhole) ours = [.. ours.Take(expected.Count)];
        Assert.True(expected.SequenceEqual(ours), $"{exchange.What} expected\n  {string.Join("\n  ", expected)}\nbut had\n  {string.Join("\n  ", ours)}");
        EnvelopesAreRight(exchange, !Known(scenario, exchange).Any());
    }

    private static void EnvelopesAreRight(Exchange exchange, bool sameNumbers)
    {
        JsonElement[] ours = exchange.OurEvents;
        if (ours.Length == 0) return;
        Assert.All(ours, (happened) => Assert.Equal(
            ["protocolVersion", "sessionId", "seq", "type", "payload"], happened.EnumerateObject().Select((member) => member.Name)));
        Assert.Single(ours.Select((happened) => happened.GetProperty("sessionId").GetString()).Distinct());
        string[] applied = Calls("tool_result_applied"), made = Calls("tool_call");
        if (made.Length > 0) Assert.Empty(applied.Except(made));
        // The number of heartbeats depends on time.
        if (sameNumbers && !ours.Types().Contains("heartbeat")) Assert.Equal(exchange.Events.Select(Number), ours.Take(exchange.Events.Count).Select(Number));

        string[] Calls(string type) =>
            [.. ours.Where((happened) => happened.Type() == type).Select((happened) => happened.Payload().GetProperty("callId").GetString()!)];
    }

    private static long Number(JsonElement happened) => happened.GetProperty("seq").GetInt64();
}
