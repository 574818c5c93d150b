namespace Enclave.Broker.Sessions;

/// <summary>The kinds of early ends of a session.</summary>
internal enum SessionEndKind
{
    /// <summary>It was cancelled.</summary>
    Cancel,

    /// <summary>Its deadline passed.</summary>
    Deadline,
}
