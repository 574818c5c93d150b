using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Receives the events of a session.</summary>
public interface IEventSink
{
    /// <summary>Sends an event. Returns false if it cannot be delivered, which ends the session.</summary>
    bool TrySend(SessionEvent sent);

    /// <summary>Sends an event as soon as there is room: a burst of events is not the reader's fault.</summary>
    ValueTask<bool> SendAsync(SessionEvent sent) => new(TrySend(sent));

    /// <summary>Maximum size of one event for this receiver, in bytes.</summary>
    long MaxEventBytes => long.MaxValue;
}
