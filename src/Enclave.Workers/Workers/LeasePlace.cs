namespace Enclave.Workers;

/// <summary>Where the job of a lease is.</summary>
internal enum LeasePlace
{
    /// <summary>On its worker.</summary>
    Worker,

    /// <summary>On its worker, which was asked to let it leave. What is sent waits for the answer.</summary>
    Leaving,

    /// <summary>Nowhere: the host has its state.</summary>
    Parked,

    /// <summary>It has its answer.</summary>
    Dropped,
}
