using System.Text.Json;
using Enclave.Broker.Filters;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Filters;

/// <summary>The recorded decisions on events.</summary>
public sealed class RecordedFilterTests
{
    [Fact]
    public void Filters_decide_as_recorded()
    {
        IReadOnlyList<JsonElement> entries = RecordedVectors.Of("filter");
        JsonElement[] events = [.. entries.Single((entry) => entry.Text("kind") == "events").GetProperty("events").EnumerateArray()];
        var differing = new List<string>();
        foreach (JsonElement entry in entries.Where((entry) => entry.TryGetProperty("config", out _)))
        {
            Assert.True(EventFilter.TryParse(entry.GetProperty("config"), out EventFilter? filter, out string? problem), problem);
            bool[] passes = [.. events.Select(filter.Passes)];
            if (!passes.SequenceEqual(entry.GetProperty("sends").EnumerateArray().Select((one) => one.GetBoolean())))
                differing.Add($"{entry.Text("note")}: {string.Join(',', passes)}");
        }

        Assert.True(differing.Count == 0, string.Join('\n', differing));
    }

    [Fact]
    public void Long_texts_match_a_regular_expression_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("filter").Single((entry) => entry.TryGetProperty("lengths", out _));
        EventFilter filter = Filter.Of("""{"mode":"include","rules":[{"content":{"patterns":[{"type":"regex","pattern":"^x+$","field":"payload.chunk"}]}}]}""");
        bool[] passes = [.. entry.GetProperty("lengths")
            .EnumerateArray().Select((length) => filter.Passes(new SessionEvent("s_1", 1, new Stdout(new string('x', length.GetInt32())))))];
        Assert.Equal(entry.GetProperty("sends").EnumerateArray().Select((one) => one.GetBoolean()), passes);
    }

    [Fact]
    public void Written_and_unwritten_events_are_decided_alike()
    {
        IReadOnlyList<JsonElement> entries = RecordedVectors.Of("filter");
        JsonElement[] events = [.. entries.Single((entry) => entry.Text("kind") == "events").GetProperty("events").EnumerateArray()];
        foreach (JsonElement entry in entries.Where((entry) => entry.TryGetProperty("config", out _)))
        {
            Assert.True(EventFilter.TryParse(entry.GetProperty("config"), out EventFilter? filter, out _));
            foreach (JsonElement wire in events)
            {
                if (EventReader.TryRead(wire, EventTolerance.Exact, out SessionEvent? read, out _)) Assert.Equal(filter.Passes(wire), filter.Passes(read));
            }
        }
    }
}
