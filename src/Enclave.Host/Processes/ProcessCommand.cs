namespace Enclave.Processes;

/// <summary>A command line. A worker's says nothing of jobs or tenants, and is the same for every worker of a pool.</summary>
internal sealed record ProcessCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Where the program writes the pid of the worker that it starts; -1 when it is the worker itself.</summary>
    public int InfoDescriptor { get; init; } = -1;

    /// <summary>True if it is lent this process's /proc, which is not in its jail.</summary>
    public bool NeedsProc { get; init; }

    /// <summary>The worker's id in the pid namespace that the program makes; 0 when it makes none.</summary>
    public int IdInJail { get; init; }
}
