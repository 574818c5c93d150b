using Enclave.Cli;

namespace Enclave.Cluster;

/// <summary>Starts a cluster on this machine: docs/cluster.md.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(ClusterCommand.Create, args);
}
