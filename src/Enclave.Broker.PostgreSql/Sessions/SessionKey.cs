namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>Where a session's events are.</summary>
/// <param name="Day">Of its opening: the partition.</param>
/// <param name="Number">The session's own.</param>
internal readonly record struct SessionKey(DateOnly Day, long Number);
