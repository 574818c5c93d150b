namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>The lease that a session runs under, as the session sees it.</summary>
internal interface IBrokerLease
{
    /// <summary>True once the lease was lost or given back. Nothing more may be written under it then.</summary>
    bool IsOver { get; }

    /// <summary>Writes an event of a session.</summary>
    void Write(StoredLine line);

    /// <summary>Removes a session that writes no more events.</summary>
    void Remove(OwnedSession owned);
}
