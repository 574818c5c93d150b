using Enclave.Cli;
using Enclave.Cli.Processes;

namespace Enclave.Cluster.Children;

/// <summary>A program to start as a child that ends with this process.</summary>
internal sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables in addition to the usual ones (<see cref="ChildEnvironment"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user to run as; null for the user of this process.</summary>
    public string? User { get; init; }

    /// <summary>The signal that the kernel sends it when this process dies.</summary>
    public string DeathSignal { get; init; } = "KILL";
}
