namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>One event on its way into the log.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Line">The line as it is sent.</param>
internal sealed record StoredLine(OwnedSession Session, long Seq, string Type, byte[] Line)
{
    /// <summary>What the session is from then on; null when it is what it was.</summary>
    public SessionChange? Change { get; init; }

    /// <summary>The tool call that it tells of; null for none.</summary>
    public string? Call { get; init; }

    /// <summary>A call that the client may answer from then on; null for none.</summary>
    public string? OpenedCall { get; init; }

    /// <summary>A call that nobody can answer any more; null for none.</summary>
    public string? ClosedCall { get; init; }
}
