using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>
/// Reads the events of a session of the host to the last one. A reader that comes too late for some goes on with those that are kept: the last one always
/// comes.
/// </summary>
internal static class WireReader
{
    /// <param name="session">The session.</param>
    /// <param name="wire">Says what an event is on the wire.</param>
    /// <param name="heard">Told of each event of the host, before what it is on the wire; null for nobody.</param>
    /// <param name="tell">Takes what is to be sent; the next waits for it.</param>
    public static async Task ReadAsync(ExecutionSession session, WireEvents wire, Action<ExecutionEvent>? heard, Func<EventPayload, ValueTask> tell)
    {
        for (long next = 1; ;)
        {
            long firstKept;
            try
            {
                await foreach (ExecutionEvent happened in session.Events(next).ConfigureAwait(false))
                {
                    next = happened.Sequence + 1;
                    heard?.Invoke(happened);
                    foreach (EventPayload payload in wire.Of(happened)) await tell(payload).ConfigureAwait(false);
                }

                return;
            }
            catch (EventsExpiredException late)
            {
                // Very much happened while this was kept from reading, or while it waited for its own reader.
                firstKept = late.FirstKept;
            }

            foreach (EventPayload payload in wire.Missed(next, firstKept, session.PendingToolCalls)) await tell(payload).ConfigureAwait(false);
            next = firstKept;
        }
    }
}
