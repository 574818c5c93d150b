namespace Enclave.Client.Sessions;

/// <summary>How one connection of a stream ended.</summary>
internal enum ConnectionEndKind
{
    /// <summary>With the session's last event.</summary>
    Final,

    /// <summary>In good order, but without the last event.</summary>
    Ended,

    /// <summary>In the middle.</summary>
    Broken,

    /// <summary>Nothing came for too long.</summary>
    Silent,

    /// <summary>There was an answer, and it was no.</summary>
    Refused,

    /// <summary>There was no answer; the request may have arrived.</summary>
    Unanswered,

    /// <summary>The request did not leave.</summary>
    Unreachable,

    /// <summary>What came cannot be read, and would not be better a second time.</summary>
    Unusable,
}
