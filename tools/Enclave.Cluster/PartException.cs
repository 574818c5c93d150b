namespace Enclave.Cluster;

/// <summary>The state of a part does not allow the request, or the part did not carry it out.</summary>
internal sealed class PartException(string message) : Exception(message);
