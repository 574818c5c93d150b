using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>
/// Reads the events of a host's session to the last one. A reader that is too late for some events continues with the oldest kept one. It always gets the last
/// event.
/// </summary>
internal static class WireReader
{
    /// <param name="session">The session.</param>
    /// <param name="wire">Converts events to the wire.</param>
    /// <param name="heard">Called for each event of the host, before its conversion.</param>
    /// <param name="tell">Sends an event; the next one waits for it.</param>
    public static async Task ReadAsync(ExecutionSession session, WireEvents wire, Action<ExecutionEvent> heard, Func<EventPayload, ValueTask> tell)
    {
        for (long next = 1; ;)
        {
            long firstKept;
            try
            {
                await foreach (ExecutionEvent happened in session.Events(next).ConfigureAwait(false))
                {
                    next = happened.Sequence + 1;
                    heard(happened);
                    foreach (EventPayload payload in wire.Of(happened)) await tell(payload).ConfigureAwait(false);
                }

                return;
            }
            catch (EventsExpiredException late)
            {
                // Many events happened while this loop did not run, or while it waited for its own reader.
                firstKept = late.FirstKept;
            }

            foreach (EventPayload payload in wire.Missed(next, firstKept, session.PendingToolCalls)) await tell(payload).ConfigureAwait(false);
            next = firstKept;
        }
    }
}
