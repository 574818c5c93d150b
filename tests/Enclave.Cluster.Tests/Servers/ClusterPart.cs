using System.Text.Json;

namespace Enclave.Cluster.Tests.Servers;

/// <summary>One server of the cluster, as the control port describes it.</summary>
internal sealed record ClusterPart(string Name, string Kind, Uri? Address, string State)
{
    public static ClusterPart Read(JsonElement part) => new(
        part.GetProperty("name").GetString()!,
        part.GetProperty("kind").GetString()!,
        part.GetProperty("address").GetString() is { } address ? new Uri(address) : null,
        part.GetProperty("state").GetString()!);
}
