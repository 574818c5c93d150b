namespace Enclave.Cluster.Tests.Load;

/// <summary>One line of a client's log.</summary>
/// <param name="At">The time in microseconds since 1970, by the client's clock.</param>
/// <param name="Tenant">The client's tenant.</param>
/// <param name="Session">The session.</param>
/// <param name="Broker">The broker.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Text">The line, or the reason.</param>
internal sealed record ClientRecord(long At, string Tenant, string Session, string Broker, ClientRecordKind Kind, string Text);
