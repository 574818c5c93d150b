using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Events;

/// <summary>The recorded decisions on events: accepted or refused.</summary>
public sealed class RecordedEventTests(ITestOutputHelper output)
{
    /// <summary>Events whose written form differs from the read one.</summary>
    private static readonly Dictionary<string, string> s_normalised = new()
    {
        ["heartbeat: minimal"] = "times have three fraction digits",
        ["heartbeat: extra field"] = "times have three fraction digits",
        ["heartbeat ts 2026-01-01T00:00:00Z"] = "times have three fraction digits",
        ["heartbeat ts 2026-01-01T00:00:00.1Z"] = "times have three fraction digits",
        ["heartbeat ts 2026-01-01T00:00:00.123456Z"] = "times have three fraction digits",
    };

    [Fact]
    public void Exact_reading_decides_as_recorded_and_writes_back_what_was_recorded()
    {
        var differing = new List<string>();
        var unused = s_normalised.Keys.ToHashSet();
        int agreeing = 0;
        foreach (JsonElement entry in RecordedVectors.Of("schema").Where((entry) => entry.Text("schema") == "event"))
        {
            string note = entry.Text("note")!;
            bool ok = EventReader.TryRead(entry.GetProperty("input"), EventTolerance.Exact, out SessionEvent? read, out string? problem);
            string? difference = Difference(entry, ok, read, problem);
            if (difference is null) agreeing++;
            else if (!ok || !unused.Remove(note)) differing.Add($"{note}: {difference}");
        }

        output.WriteLine($"{agreeing} agree");
        Assert.True(differing.Count == 0, $"{agreeing} agree, {differing.Count} differ:\n{string.Join('\n', differing)}");
        Assert.True(unused.Count == 0, $"listed, but not deviating: {string.Join(", ", unused)}");
    }

    [Fact]
    public void The_forgiving_reader_reads_every_event_that_the_exact_one_reads()
    {
        foreach (JsonElement entry in RecordedVectors.Of("schema").Where((entry) => entry.Text("schema") == "event" && entry.GetProperty("ok").GetBoolean()))
        {
            Assert.True(EventReader.TryRead(entry.GetProperty("input"), EventTolerance.Peers, out SessionEvent? read, out string? problem), problem);
            Assert.True(EventReader.TryRead(entry.GetProperty("input"), EventTolerance.Exact, out SessionEvent? exact, out _));
            Assert.Equal(exact.ToJsonString(), read.ToJsonString());
        }
    }

    private static string? Difference(JsonElement entry, bool ok, SessionEvent? read, string? problem)
    {
        if (ok != entry.GetProperty("ok").GetBoolean()) return ok ? "was read" : $"was refused, {problem}";
        if (ok)
        {
            JsonElement expected = entry.GetProperty("output");
            string written = read!.ToJsonString();
            return JsonElement.DeepEquals(JsonElement.Parse(written), expected) ? null : $"expected {expected}, wrote {written}";
        }

        string path = problem!.Contains(':', StringComparison.Ordinal) ? problem[..problem.IndexOf(':', StringComparison.Ordinal)] : "";
        return entry.GetProperty("paths").EnumerateArray().Any((one) => one.GetString() == path)
            ? null
            : $"expected {entry.GetProperty("paths")}, got {problem}";
    }
}
