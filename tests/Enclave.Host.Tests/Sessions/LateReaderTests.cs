using Enclave.Events;
using Enclave.Protocol;
using Enclave.Sessions;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Readers of a run's events that come late.</summary>
public sealed class LateReaderTests
{
    [Fact]
    public async Task A_reader_that_comes_too_late_is_told_where_to_begin()
    {
        await using var host = new EnclaveHost();
        await using ExecutionSession session = host.OpenSession(
            "for (let i = 0; i < 100; i++) console.log(i)", new EnclaveSessionOptions { Run = new RunOptions { MaxBufferedEvents = 16 } });
        await Within.Deadline(session.Completion, "answer");

        EventsExpiredException late = await Assert.ThrowsAsync<EventsExpiredException>(async () => await session.Events().ToArrayAsync());
        ExecutionEvent[] kept = await session.Events(late.FirstKept).ToArrayAsync();

        // Started, 100 lines, finished: 102.
        Assert.Equal((1, 87), (late.Requested, late.FirstKept));
        Assert.Equal("event 1 is no longer kept; the first one that is has the number 87. Read faster, begin there, or raise MaxBufferedEvents or " +
            "MaxBufferedEventBytes", late.Message);
        Assert.Equal(Enumerable.Range(87, 16).Select((n) => (long)n), kept.Select((e) => e.Sequence));
        Assert.IsType<FinishedEvent>(kept[^1]);
        Assert.Equal(16, session.Log.Held.Events);
    }
}
