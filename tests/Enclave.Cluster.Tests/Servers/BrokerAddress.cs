namespace Enclave.Cluster.Tests.Servers;

/// <summary>A broker's own address, without proxy or link.</summary>
internal readonly record struct BrokerAddress(string Name, Uri Address);
