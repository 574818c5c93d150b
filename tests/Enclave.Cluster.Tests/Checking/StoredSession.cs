namespace Enclave.Cluster.Tests.Checking;

/// <summary>A session as the tables have it.</summary>
/// <param name="Key">Its number.</param>
/// <param name="Owner">Whose.</param>
/// <param name="Id">Its name.</param>
/// <param name="Broker">The stretch of a broker that opened it.</param>
/// <param name="OpenedAt">In microseconds since 1970, by the server's clock.</param>
/// <param name="EndedAt">The same; null while it has not ended.</param>
/// <param name="Events">By their numbers.</param>
internal sealed record StoredSession(long Key, string Owner, string Id, long Broker, long OpenedAt, long? EndedAt, IReadOnlyList<StoredEvent> Events);
