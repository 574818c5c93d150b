namespace Enclave.Cluster.Links;

/// <summary>What a link does with connections.</summary>
internal enum LinkState
{
    /// <summary>Passes them.</summary>
    Open,

    /// <summary>Has reset them, and refuses new ones.</summary>
    Cut,

    /// <summary>Takes and keeps them, and passes nothing.</summary>
    Stalled,
}
