namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>The lease that a session runs under, as the session sees it.</summary>
internal interface IBrokerLease
{
    /// <summary>True once the lease was lost or given back. Nothing more may be written under it then.</summary>
    bool IsOver { get; }
}
