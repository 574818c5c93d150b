using Enclave.Cli;
using Enclave.Cli.Processes;

namespace Enclave.Cluster.Children;

/// <summary>A program to be started as a child that ends with this process.</summary>
internal sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables on top of the usual ones (<see cref="ChildEnvironment"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user it becomes; null for the one that this process is.</summary>
    public string? User { get; init; }

    /// <summary>What the kernel sends it when this process dies.</summary>
    public string DeathSignal { get; init; } = "KILL";
}
