namespace Enclave.Cluster.Tests.Checking;

/// <summary>A session in the tables.</summary>
/// <param name="Key">Its number.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Id">Its name.</param>
/// <param name="Broker">The lease number of the broker that opened it.</param>
/// <param name="OpenedAt">Microseconds since 1970, by the server's clock.</param>
/// <param name="EndedAt">Microseconds since 1970, by the server's clock; null while it has not ended.</param>
/// <param name="Events">Its events, by number.</param>
internal sealed record StoredSession(long Key, string Owner, string Id, long Broker, long OpenedAt, long? EndedAt, IReadOnlyList<StoredEvent> Events);
