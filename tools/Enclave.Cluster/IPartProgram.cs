using Enclave.Cluster.Children;

namespace Enclave.Cluster;

/// <summary>The program of a part: how it is started repeatedly at the same address, and how it ends.</summary>
internal interface IPartProgram
{
    string Name { get; }

    PartKind Kind { get; }

    /// <summary>Its HTTP address; null if it has none.</summary>
    Uri? Address { get; }

    ChildCommand Command { get; }

    /// <summary>The signal that makes it shut down properly.</summary>
    int StopSignal { get; }

    /// <summary>The processes to stop in order to pause it.</summary>
    IReadOnlyList<int> Processes(int pid);

    /// <summary>Cleans up after a process that ended.</summary>
    void Ended(int pid)
    {
    }

    /// <summary>Returns whether it is ready.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}
