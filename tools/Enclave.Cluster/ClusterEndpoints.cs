namespace Enclave.Cluster;

/// <summary>The addresses and objects of a cluster that is ready.</summary>
/// <param name="Proxy">The address for opening sessions.</param>
/// <param name="Control">The address for requesting faults.</param>
/// <param name="Token">The token for that address.</param>
/// <param name="Parts">All parts of the cluster.</param>
/// <param name="Faults">Carries out faults.</param>
internal sealed record ClusterEndpoints(Uri Proxy, Uri Control, string Token, ClusterParts Parts, FaultInjector Faults)
{
    public static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
