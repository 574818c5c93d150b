using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Notified by a session. Methods must not throw.</summary>
internal class SessionObserver
{
    /// <summary>The last event is about to be sent. After it, the peer may open the next session.</summary>
    public virtual void OnEnding(RuntimeSession session, Final final)
    {
    }

    /// <summary>The last event was handed over, or its peer has gone.</summary>
    public virtual void OnEnded()
    {
    }

    /// <summary>An event was numbered, and is about to be sent.</summary>
    public virtual void OnEvent(RuntimeSession session, SessionEvent sent)
    {
    }
}
