namespace Enclave.Workers;

/// <summary>The state from which all workers of one nursery begin their jobs. A run that has left one of them can go on in any other.</summary>
internal interface ISharedCheckpoint
{
    /// <summary>True if no worker can come from it any more.</summary>
    bool HasEnded { get; }

    /// <summary>
    /// Keeps the nursery, which may still fork workers, until as many calls of <see cref="Release"/>. False if it has ended, or another one has taken its
    /// place.
    /// </summary>
    bool TryKeep();

    /// <summary>Ends one <see cref="TryKeep"/>.</summary>
    void Release();
}
