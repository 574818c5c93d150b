using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Where the events of a session go. Nobody waits for it.</summary>
internal interface IEventSink
{
    /// <summary>Whether the event will get there; false ends the session.</summary>
    bool TrySend(SessionEvent sent);
}
