using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Told of a session by itself. Nothing here may throw.</summary>
internal class SessionObserver
{
    /// <summary>The last event is about to be sent: whoever waits for it may ask for the next session.</summary>
    public virtual void OnEnding(RuntimeSession session, Final final)
    {
    }

    /// <summary>An event was numbered, and is about to be sent.</summary>
    public virtual void OnEvent(RuntimeSession session, SessionEvent sent)
    {
    }
}
