using System.Text.Json.Nodes;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Cluster;

/// <summary>What happens, one JSON object a line, for a program that reads it.</summary>
internal sealed class ClusterEvents(Channel output)
{
    private readonly Lock _gate = new();

    public void Tell(string kind, JsonObject members)
    {
        var line = new JsonObject { ["event"] = kind };
        foreach ((string name, JsonNode? value) in members) line[name] = value?.DeepClone();
        lock (_gate) output.WriteJson(line.ToJsonString());
    }
}
