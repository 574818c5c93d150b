using Enclave.Cluster.Children;

namespace Enclave.Cluster;

/// <summary>The program of a part: how it is started again and again at the same address, and how it ends.</summary>
internal interface IPartProgram
{
    string Name { get; }

    PartKind Kind { get; }

    /// <summary>Where it answers HTTP; null for what does not.</summary>
    Uri? Address { get; }

    ChildCommand Command { get; }

    /// <summary>The signal that asks it to end in order.</summary>
    int StopSignal { get; }

    /// <summary>Its processes that have to be held for it to stand still.</summary>
    IReadOnlyList<int> Processes(int pid);

    /// <summary>Takes away what a process that ended left behind.</summary>
    void Ended(int pid)
    {
    }

    /// <summary>Whether it answers as one that is ready.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}
