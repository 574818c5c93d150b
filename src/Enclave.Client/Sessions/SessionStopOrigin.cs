namespace Enclave.Client.Sessions;

/// <summary>Who stops a session.</summary>
internal enum SessionStopOrigin
{
    /// <summary>The caller, who waits for the broker's answer to it.</summary>
    Cancel,

    /// <summary>The caller's token, or the disposal of what he holds; the broker is told beside.</summary>
    Abandon,

    /// <summary>The caller, who only does not want to read it.</summary>
    Leave,

    /// <summary>The clock.</summary>
    Timeout,
}
