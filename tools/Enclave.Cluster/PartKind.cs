namespace Enclave.Cluster;

/// <summary>What a part of the cluster is.</summary>
internal enum PartKind
{
    Postgres,
    RabbitMq,
    Broker,
    Runtime,
}
