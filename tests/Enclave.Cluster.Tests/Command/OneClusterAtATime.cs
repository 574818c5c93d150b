namespace Enclave.Cluster.Tests.Command;

/// <summary>One cluster at a time: each has two servers, and a process of .NET for each other part.</summary>
[CollectionDefinition(Name)]
public sealed class OneClusterAtATime : ICollectionFixture<SharedCluster>
{
    public const string Name = "cluster";
}
