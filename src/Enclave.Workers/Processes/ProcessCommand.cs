namespace Enclave.Processes;

/// <summary>A command line. A worker's contains nothing about jobs or tenants, and is the same for every worker of a pool.</summary>
internal sealed record ProcessCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>The descriptor on which the program reports the pid of the worker that it starts; -1 if the program is the worker itself.</summary>
    public int InfoDescriptor { get; init; } = -1;

    /// <summary>True if it gets a descriptor of this process's /proc, because its jail has none.</summary>
    public bool NeedsProc { get; init; }

    /// <summary>The worker's id in the pid namespace that the program makes; 0 if it makes none.</summary>
    public int IdInJail { get; init; }
}
