namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>One event on its way into the database.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its type.</param>
/// <param name="Line">The line as it is sent.</param>
internal sealed record StoredLine(OwnedSession Session, long Seq, string Type, byte[] Line)
{
    /// <summary>The session's new state on the wire; null if the session does not change.</summary>
    public string? State { get; init; }

    /// <summary>The session's tool calls so far.</summary>
    public int ToolCalls { get; init; }

    /// <summary>True if the event is the session's last.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The tool call that the event reports; null for none.</summary>
    public string? Call { get; init; }

    /// <summary>A call that the client may answer from now on; null for none.</summary>
    public string? OpenedCall { get; init; }

    /// <summary>A call that can no longer be answered; null for none.</summary>
    public string? ClosedCall { get; init; }
}
