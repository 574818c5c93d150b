using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>The state from which all workers of one nursery begin their jobs. A run that has left one of them can continue in any other.</summary>
internal interface ISharedCheckpoint
{
    /// <summary>True if it can fork no more workers.</summary>
    bool HasEnded { get; }

    /// <summary>True if another nursery has taken its place: it forks workers only for runs that have left their workers.</summary>
    bool IsRetired { get; }

    /// <summary>The mappings of the nursery in order, without the stack; null if the host has no image of it.</summary>
    PageRange[]? Mapped { get; }

    /// <summary>
    /// Keeps the nursery alive, so that it may still fork workers, until an equal number of calls of <see cref="Release"/>. False if it has ended. A run keeps
    /// even a retired nursery, at most for the time of the run.
    /// </summary>
    bool TryKeep();

    /// <summary>Ends one <see cref="TryKeep"/>.</summary>
    void Release();
}
