using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Ndjson;

/// <summary>The recorded outcomes of streams of lines.</summary>
public sealed class RecordedNdjsonTests
{
    [Fact]
    public void Pieces_give_the_recorded_events_and_problems()
    {
        foreach (JsonElement entry in RecordedVectors.Of("ndjson").Where((entry) => entry.Text("parser") == "incremental"))
        {
            string note = entry.Text("note")!;
            var parser = new NdjsonParser(EventTolerance.Exact);
            var lines = new List<NdjsonLine>();
            foreach (JsonElement chunk in entry.GetProperty("chunks").EnumerateArray()) lines.AddRange(parser.All(Encoding.UTF8.GetBytes(chunk.GetString()!)));
            Assert.True(parser.IsPending == entry.GetProperty("pendingBeforeFlush").GetBoolean(), note);
            Assert.True(parser.Lines == entry.GetProperty("lineBeforeFlush").GetInt64(), note);
            if (parser.TryEnd(out NdjsonLine last)) lines.Add(last);
            Assert.True(parser.Lines == entry.GetProperty("lineAfterFlush").GetInt64(), note);
            AssertLines(entry, lines, note);
        }
    }

    [Fact]
    public void Whole_texts_give_the_recorded_events_and_problems()
    {
        foreach (JsonElement entry in RecordedVectors.Of("ndjson").Where((entry) => entry.Text("parser") == "lines"))
        {
            AssertLines(entry, NdjsonText.Lines(entry.Text("input")!), "lines");
        }
    }

    [Fact]
    public void Single_lines_are_decided_as_recorded()
    {
        foreach (JsonElement entry in RecordedVectors.Of("ndjson").Where((entry) => entry.Text("parser") == "line"))
        {
            IReadOnlyList<NdjsonLine> lines = NdjsonText.Lines(entry.Text("input")!);
            bool success = entry.GetProperty("success").GetBoolean();
            string? error = entry.Text("error");
            // There, one function reads one line; here, blank lines are skipped everywhere.
            if (error == "Empty line") Assert.Empty(lines);
            else Assert.Equal(success, Assert.Single(lines).Event is not null);
            if (error is not null && lines.Count > 0) Assert.StartsWith(Kind(error), lines[0].Problem!.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Events_are_written_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("ndjson").Single((entry) => entry.Text("parser") == "serialize");
        Assert.Equal(entry.Text("one"), new SessionEvent("s_1", 1, new Stdout("x1")).ToJsonString());
        Assert.Equal(entry.Text("many"), string.Join(
            '\n', new SessionEvent("s_1", 1, new Stdout("x1")).ToJsonString(), new SessionEvent("s_1", 2, new Stdout("x2")).ToJsonString()));
    }

    private static void AssertLines(JsonElement entry, IReadOnlyList<NdjsonLine> lines, string note)
    {
        Assert.Equal([.. entry.GetProperty("events").EnumerateArray().Select((seq) => seq.GetInt64())],
            lines.Where((line) => line.Event is not null).Select((line) => line.Event!.Seq));
        NdjsonProblem[] problems = [.. lines.Where((line) => line.Problem is not null).Select((line) => line.Problem!)];
        JsonElement[] errors = [.. entry.GetProperty("errors").EnumerateArray()];
        Assert.True(errors.Length == problems.Length, note);
        foreach ((JsonElement error, NdjsonProblem problem) in errors.Zip(problems))
        {
            Assert.Equal(error.GetProperty("line").GetInt64(), problem.Line);
            Assert.Equal(error.Text("content"), problem.Content);
            Assert.StartsWith(Kind(error.Text("error")!), problem.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>The words after the colon come from the JavaScript engine.</summary>
    private static string Kind(string error) => error.Split(':')[0];
}
