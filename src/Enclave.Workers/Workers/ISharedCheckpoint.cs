using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>The state from which all workers of one nursery begin their jobs. A run that has left one of them can continue in any other.</summary>
internal interface ISharedCheckpoint
{
    /// <summary>True if no worker can come from it any more.</summary>
    bool HasEnded { get; }

    /// <summary>True if another nursery has taken its place: it forks workers for runs that have left theirs, and for nothing else.</summary>
    bool IsRetired { get; }

    /// <summary>The mappings of the nursery in order, without the stack; null if the host has no image of it.</summary>
    PageRange[]? Mapped { get; }

    /// <summary>
    /// Keeps the nursery, which may still fork workers, until as many calls of <see cref="Release"/>. False if it has ended. A run of a retired nursery keeps
    /// it as well, at most for the time of the run.
    /// </summary>
    bool TryKeep();

    /// <summary>Ends one <see cref="TryKeep"/>.</summary>
    void Release();
}
