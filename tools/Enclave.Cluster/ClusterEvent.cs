using System.Text.Json.Nodes;

namespace Enclave.Cluster;

/// <summary>What happened: a part is in another state, or a fault was asked for.</summary>
/// <param name="Kind">What <c>event</c> says in its line.</param>
/// <param name="Members">The rest of the line.</param>
/// <param name="Text">The same for a person.</param>
internal sealed record ClusterEvent(string Kind, JsonObject Members, string Text);
