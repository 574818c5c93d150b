namespace Enclave.Client.Sessions;

/// <summary>The causes for no longer reading a session.</summary>
internal enum SessionStopOrigin
{
    /// <summary>The caller cancelled it, and waits for the broker's answer.</summary>
    Cancel,

    /// <summary>The caller's token was cancelled, or the caller disposed the session or the client. The broker is notified in the background.</summary>
    Abandon,

    /// <summary>The caller no longer reads it. The session continues.</summary>
    Detach,

    /// <summary>The timeout.</summary>
    Timeout,
}
