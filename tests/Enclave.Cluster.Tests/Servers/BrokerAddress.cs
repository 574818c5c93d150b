namespace Enclave.Cluster.Tests.Servers;

/// <summary>A broker as clients reach it, without anything between.</summary>
internal readonly record struct BrokerAddress(string Name, Uri Address);
