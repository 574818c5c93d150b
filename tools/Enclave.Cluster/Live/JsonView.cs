using System.Text.Json.Nodes;
using Enclave.Cli.Terminals;
using Enclave.Cluster.Servers;

namespace Enclave.Cluster.Live;

/// <summary>Prints one JSON object per line. The first reports that all is ready, with the addresses.</summary>
internal sealed class JsonView(Channel output) : IClusterView
{
    private readonly Lock _gate = new();
    private bool _ready;

    public void Tell(ClusterEvent happened)
    {
        lock (_gate)
        {
            if (_ready) Write(happened.Kind, happened.Members);
        }
    }

    public Task WatchAsync(ClusterEndpoints endpoints, CancellationToken signal)
    {
        ClusterParts parts = endpoints.Parts;
        var tokens = new JsonObject();
        foreach ((string owner, string secret) in parts.Tokens) tokens[owner] = secret;
        var ready = new JsonObject
        {
            ["proxy"] = ClusterEndpoints.Origin(endpoints.Proxy),
            ["control"] = ClusterEndpoints.Origin(endpoints.Control),
            ["controlToken"] = endpoints.Token,
            ["store"] = new JsonObject { ["owner"] = parts.Store.Connection(Postgres.Owner), ["broker"] = parts.Store.Connection(Postgres.Broker) },
            ["queue"] = parts.Queue.OriginalString,
            ["tokens"] = tokens,
            ["parts"] = new JsonArray([.. parts.All.Select((part) => part.ToJson())]),
        };
        lock (_gate)
        {
            Write("ready", ready);
            _ready = true;
        }

        return Task.Delay(Timeout.Infinite, signal);
    }

    public void End()
    {
        lock (_gate) Write("end", []);
    }

    private void Write(string kind, JsonObject members)
    {
        var line = new JsonObject { ["event"] = kind };
        foreach ((string name, JsonNode? value) in members) line[name] = value?.DeepClone();
        output.WriteJson(line.ToJsonString(ClusterJson.Plain));
    }
}
