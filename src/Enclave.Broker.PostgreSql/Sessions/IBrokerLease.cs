namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>What a session has to know of the lease that it runs under.</summary>
internal interface IBrokerLease
{
    /// <summary>Whether the lease was lost or given back: nothing more is written under it.</summary>
    bool IsOver { get; }
}
