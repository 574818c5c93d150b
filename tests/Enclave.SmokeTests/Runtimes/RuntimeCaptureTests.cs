using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Captures;

/// <summary>Repeats the recorded conversations with the documented product's runtimes against ours.</summary>
public sealed class RuntimeCaptureTests
{
    private static readonly string[] s_scenarios =
    [
        "ws-demo-simple", "ws-demo-tools",
        "ws-demo-tool-error", "ws-demo-docs-tool-result", "ws-demo-channel-tool-result", "ws-demo-cancel", "ws-demo-error", "ws-demo-limits-ignored",
        "ws-demo-no-session-id",
        "ws-demo-ping", "ws-demo-two-sessions", "ws-demo-broker-to-runtime", "ws-lib-execute", "ws-lib-cancel", "ws-lib-stop", "ws-lib-errors",
        "ws-lib-max-sessions", "ws-lib-no-session-id",
    ];

    public static TheoryData<string> Scenarios => [.. s_scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_recorded_conversation_goes_as_it_was_recorded(string scenario)
    {
        JsonElement[] lines = CaptureFiles.Read(scenario);
        Deviation? deviation = Deviations.All.SingleOrDefault((known) => known.Scenario == scenario);
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { MaxSessions = scenario == "ws-lib-max-sessions" ? 2 : 10 });
        var replay = new Replay(runtime, deviation);
        foreach (IGrouping<int, JsonElement> connection in lines.Where((line) => line.TryGetProperty("conn", out _))
            .GroupBy((line) => line.GetProperty("conn").GetInt32()))
        {
            await replay.ConverseAsync([.. connection]);
        }

        replay.EveryDeviationWasMet();
    }

    [Fact]
    public void Every_deviation_is_of_a_scenario_that_is_played() => Assert.Empty(Deviations.All.Select((known) => known.Scenario).Except(s_scenarios));

    private sealed class Replay(RuntimeWorker runtime, Deviation? deviation)
    {
        private readonly Dictionary<string, string> _ids = [];
        private readonly List<string> _extra = [.. deviation?.Extra ?? []];
        private readonly HashSet<JsonElement> _seen = [];
        private bool _finalDiffered;

        public async Task ConverseAsync(JsonElement[] lines)
        {
            JsonElement request = lines.First((line) => line.Text("kind") == "request");
            await using TestPeer peer = await TestPeer.ConnectAsync(new Uri(runtime.Address!, request.Text("target")));
            foreach (JsonElement line in lines.Where((line) => line.Text("kind") == "ws_frame" && line.GetProperty("opcode").GetInt32() == 1))
            {
                string text = line.Text("text");
                if (line.Text("dir") == "c2s")
                {
                    // The recorded cancel reached a running session.
                    if (text.Contains("\"cancel\"", StringComparison.Ordinal) && _extra.Contains("tool_call")) await ExtrasAsync(peer, "tool_call");
                    await peer.SendAsync(Sent(text));
                }
                else await CompareAsync(peer, JsonDocument.Parse(text).RootElement);
            }

            await ExtrasAsync(peer);
            await peer.CloseAsync();
            await TestRuntime.BecomesIdle(runtime);
            Assert.DoesNotContain(peer.All, (left) => !_seen.Contains(left) && !IsEverywhere(left));
        }

        public void EveryDeviationWasMet()
        {
            Assert.Empty(_extra);
            if (deviation?.Final is not null) Assert.True(_finalDiffered, "the final event is as recorded: the deviation is none any more");
        }

        private string Sent(string text)
        {
            foreach ((string recorded, string ours) in _ids) text = text.Replace(recorded, ours, StringComparison.Ordinal);
            if (deviation?.Code is null || !text.Contains("\"execute\"", StringComparison.Ordinal)) return text;
            JsonNode message = JsonNode.Parse(text)!;
            message["code"] = deviation.Code;
            return message.ToJsonString();
        }

        private async Task CompareAsync(TestPeer peer, JsonElement recorded)
        {
            if (recorded.Type() == "pong")
            {
                JsonElement pong = await TakeAsync(peer, "", recorded.Type());
                Assert.Equal((1_700_000_000_000, JsonValueKind.Number), (pong.GetProperty("timestamp").GetInt64(), pong.GetProperty("serverTime").ValueKind));
                return;
            }

            if (runtime.GetState() == RuntimeWorkerState.Running && recorded.GetRawText().Contains("Runtime stopping", StringComparison.Ordinal))
            {
                await ExtrasAsync(peer);
                _ = runtime.StopAsync();
            }

            string session = recorded.Text("sessionId");
            if (recorded.Type() == "session_init" && session.Length > 30) session = await LearnAsync(peer, session);
            session = _ids.GetValueOrDefault(session, session);
            JsonElement ours = await TakeAsync(peer, session, recorded.Type());
            Assert.Equal(Keys(recorded), Keys(ours));
            if (recorded.Type() == "tool_call") _ids[recorded.Payload().Text("callId")] = ours.Payload().Text("callId");
            if (recorded.Type() == "final") CompareFinal(recorded, ours);
            else Assert.Equal(Keys(recorded.Payload()), Keys(ours.Payload()));
            if (recorded.Type() is "error" or "tool_call") Assert.Equal(Bare(recorded.Payload()), Bare(ours.Payload()));
        }

        /// <summary>A name that the runtime chooses.</summary>
        private async Task<string> LearnAsync(TestPeer peer, string recorded)
        {
            if (_ids.TryGetValue(recorded, out string? known)) return known;
            JsonElement? first = null;
            await Within.Becomes(
                () => (first = peer.All.FirstOrDefault((e) => e.Type() == "session_init" && !_seen.Contains(e))) is { ValueKind: JsonValueKind.Object },
                "a session had begun");
            return _ids[recorded] = first!.Value.Text("sessionId");
        }

        private async Task<JsonElement> TakeAsync(TestPeer peer, string session, string type)
        {
            while (true)
            {
                JsonElement next = await peer.NextAsync(session, type);
                if (!_seen.Add(next)) continue;
                if (next.Type() == type) return next;
                if (Deviations.Everywhere.Contains(next.Type())) continue;
                Assert.True(_extra.Remove(next.Type()), $"{next} came before {type}");
            }
        }

        /// <summary>The events after the last recorded one.</summary>
        private async Task ExtrasAsync(TestPeer peer, string? type = null)
        {
            await Within.Becomes(
                () =>
                {
                    foreach (JsonElement late in peer.All.Where((e) => !_seen.Contains(e) && !IsEverywhere(e)))
                    {
                        if ((type is null || type == late.Type()) && _extra.Remove(late.Type())) _seen.Add(late);
                    }

                    return !_extra.Exists((left) => type is null || left == type);
                },
                "all events that ours alone sends had come",
                () => $"{string.Join(", ", _extra)} had not");
        }

        private void CompareFinal(JsonElement recorded, JsonElement ours)
        {
            Assert.Equal(["durationMs", "toolCallCount", "stdoutBytes"], Keys(ours.Payload().GetProperty("stats")));
            string was = Bare(recorded.Payload()), is_ = Bare(ours.Payload());
            if (deviation?.Final is { } differs && was != is_)
            {
                _finalDiffered = true;
                Assert.Equal(differs, is_);
                return;
            }

            Assert.Equal(was, is_);
            Assert.Equal(Keys(recorded.Payload()), Keys(ours.Payload()));
        }

        private static string[] Keys(JsonElement json) => [.. json.EnumerateObject().Select((member) => member.Name)];

        private static bool IsEverywhere(JsonElement json) => Deviations.Everywhere.Contains(json.Type());

        /// <summary>Without values that vary from run to run, and without messages.</summary>
        private static string Bare(JsonElement payload)
        {
            JsonObject bare = JsonNode.Parse(payload.GetRawText())!.AsObject();
            foreach (string varies in new[] { "stats", "callId" }) bare.Remove(varies);
            foreach (JsonNode? one in bare["errors"] as JsonArray ?? []) one!.AsObject().Remove("message");
            if (bare["error"] is JsonObject left)
            {
                left.Remove("message");
                left.Remove("stack");
            }

            return bare.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }
}
