namespace Enclave.Client.Sessions;

/// <summary>The kinds of ends of a connection.</summary>
internal enum ConnectionEndKind
{
    /// <summary>With the session's last event.</summary>
    Final,

    /// <summary>The stream ended properly, but without the last event.</summary>
    Ended,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>No event arrived for too long.</summary>
    Silent,

    /// <summary>The broker refused.</summary>
    Refused,

    /// <summary>There was no response; the request may have arrived.</summary>
    Unanswered,

    /// <summary>The request could not be sent.</summary>
    Unreachable,

    /// <summary>The stream was unreadable, and would be again.</summary>
    Unusable,
}
