namespace Enclave.Broker.Sessions;

/// <summary>What ends a session before its script does.</summary>
internal enum SessionEndKind
{
    /// <summary>Somebody cancelled it.</summary>
    Cancel,

    /// <summary>Its deadline passed.</summary>
    Deadline,
}
