namespace Enclave.Cluster.Tests.Load;

/// <summary>One line of a client's log.</summary>
/// <param name="At">When, in microseconds since 1970 by the client's clock.</param>
/// <param name="Tenant">Whose client.</param>
/// <param name="Session">Of which session.</param>
/// <param name="Broker">At which broker.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">The line, or why.</param>
internal sealed record ClientRecord(long At, string Tenant, string Session, string Broker, ClientRecordKind Kind, string Text);
