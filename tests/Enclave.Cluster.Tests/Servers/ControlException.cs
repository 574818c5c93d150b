namespace Enclave.Cluster.Tests.Servers;

/// <summary>The control port refused: the state of the part does not allow it.</summary>
internal sealed class ControlException(string message) : Exception(message);
