using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Events;

/// <summary>Events as known peers sent them.</summary>
public sealed class RecordedTrafficTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_recorded_event_of_a_peer_is_read()
    {
        var refused = new List<string>();
        int read = 0;
        foreach ((string name, JsonElement[] entries) in RecordedVectors.Traffic())
        {
            // A scripted server that tests the documented client sends garbage by intention.
            if (name == "client-tolerance") continue;
            foreach (JsonElement entry in entries.Where((entry) => entry.Text("dir") == "s2c" && entry.Text("kind") is "response_chunk" or "ws_frame"))
            {
                foreach (string line in (entry.Text("text") ?? "").Split('\n').Where((line) => line.Contains("\"seq\":", StringComparison.Ordinal)))
                {
                    JsonElement sent = JsonElement.Parse(line);
                    if (!EventReader.TryRead(sent, EventTolerance.Peers, out SessionEvent? happened, out string? problem))
                        refused.Add($"{name}: {problem} in {line}");
                    else if (JsonElement.DeepEquals(sent, JsonElement.Parse(happened.ToJsonString()))) read++;
                    else if (sent.GetProperty("payload").TryGetProperty("cancelUrl", out _) || happened.Payload is not SessionInit)
                        refused.Add($"{name}: {happened.ToJsonString()} for {line}");
                }
            }
        }

        output.WriteLine($"{read} events");
        Assert.True(refused.Count == 0, string.Join('\n', refused));
        Assert.True(read > 300, $"only {read} events were found");
    }
}
