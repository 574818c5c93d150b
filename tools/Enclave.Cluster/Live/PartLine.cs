namespace Enclave.Cluster.Live;

/// <summary>A part in the picture of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Health">Its last reported health.</param>
/// <param name="Pid">The id of its first process; null if it is not running.</param>
/// <param name="Port">The port of its HTTP address; null for a server, which has none and reports no health.</param>
/// <param name="Links">Its links that are cut, stalled or slowed.</param>
internal sealed record PartLine(string Name, PartState State, PartHealth Health, int? Pid, int? Port, string Links);
