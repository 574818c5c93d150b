namespace Enclave.Cluster.Tests.Servers;

/// <summary>The control port refused: the part is not in a state for that.</summary>
internal sealed class ControlException(string message) : Exception(message);
