using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Where the events of a session go.</summary>
internal interface IEventSink
{
    /// <summary>Whether the event will get there; false ends the session.</summary>
    bool TrySend(SessionEvent sent);

    /// <summary>The same, once there is room: a burst of a session is no fault of its reader.</summary>
    ValueTask<bool> SendAsync(SessionEvent sent) => new(TrySend(sent));

    /// <summary>Bytes that one event may take on this way, whatever the peer says.</summary>
    long MaxEventBytes => long.MaxValue;
}
