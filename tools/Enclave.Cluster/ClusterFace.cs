namespace Enclave.Cluster;

/// <summary>How a cluster that is ready is reached.</summary>
/// <param name="Proxy">Where clients open sessions.</param>
/// <param name="Control">Where faults are asked for.</param>
/// <param name="Token">What is shown there.</param>
/// <param name="Parts">All that it is made of.</param>
/// <param name="Desk">Does what is asked for.</param>
internal sealed record ClusterFace(Uri Proxy, Uri Control, string Token, ClusterParts Parts, FaultDesk Desk)
{
    public static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
