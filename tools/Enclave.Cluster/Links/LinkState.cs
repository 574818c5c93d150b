namespace Enclave.Cluster.Links;

/// <summary>How a link treats connections.</summary>
internal enum LinkState
{
    /// <summary>Forwards them.</summary>
    Open,

    /// <summary>Resets them, and refuses new ones.</summary>
    Cut,

    /// <summary>Keeps them, and forwards nothing.</summary>
    Stalled,
}
