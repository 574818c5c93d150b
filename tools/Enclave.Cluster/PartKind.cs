namespace Enclave.Cluster;

/// <summary>The kinds of parts of the cluster.</summary>
internal enum PartKind
{
    Postgres,
    RabbitMq,
    Broker,
    Runtime,
}
