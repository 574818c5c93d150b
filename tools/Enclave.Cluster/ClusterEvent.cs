using System.Text.Json.Nodes;

namespace Enclave.Cluster;

/// <summary>An event: a part has changed its state, or a fault was requested.</summary>
/// <param name="Kind">The value of <c>event</c> in its line.</param>
/// <param name="Members">The other members of the line.</param>
/// <param name="Text">The event in words.</param>
internal sealed record ClusterEvent(string Kind, JsonObject Members, string Text);
