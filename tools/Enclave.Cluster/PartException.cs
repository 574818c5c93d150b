namespace Enclave.Cluster;

/// <summary>A part is not in a state in which it can do what was asked, or did not do it.</summary>
internal sealed class PartException(string message) : Exception(message);
