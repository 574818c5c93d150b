using System.Text;

namespace Enclave.Streaming.Tests.Ndjson;

public sealed class NdjsonReaderTests
{
    [Fact]
    public async Task A_stream_gives_its_events_and_tells_of_the_rest()
    {
        string text = string.Concat(Enumerable.Range(1, 500).Select((seq) => $"{new SessionEvent("s_1", seq, new Stdout(new string('x', seq))).ToJsonString()}\ngarbage\n\n")) + new SessionEvent("s_1", 501, new Stdout("")).ToJsonString();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var problems = new List<long>();
        var read = new List<long>();
        await foreach (SessionEvent one in NdjsonReader.ReadAsync(stream, EventTolerance.Exact, problem: (problem) => problems.Add(problem.Line))) read.Add(one.Seq);
        Assert.Equal(Enumerable.Range(1, 501).Select((seq) => (long)seq), read);
        Assert.Equal(Enumerable.Range(0, 500).Select((line) => line * 3L + 2), problems);
    }

    [Fact]
    public async Task A_bad_tail_is_told()
    {
        using var stream = new MemoryStream("{half"u8.ToArray());
        var problems = new List<NdjsonProblem>();
        await foreach (SessionEvent one in NdjsonReader.ReadAsync(stream, EventTolerance.Exact, problem: problems.Add)) Assert.Fail($"{one} is none");
        Assert.Equal("{half", Assert.Single(problems).Content);
    }

    [Fact]
    public async Task A_cancelled_reader_stops()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(new SessionEvent("s_1", 1, new Stdout("")).ToJsonString() + "\n"));
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<SessionEvent> events = NdjsonReader.ReadAsync(stream, EventTolerance.Exact, ct: cancellation.Token);
        int read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SessionEvent _ in events)
            {
                read++;
                await cancellation.CancelAsync();
            }
        });
        Assert.Equal(1, read);
    }
}
