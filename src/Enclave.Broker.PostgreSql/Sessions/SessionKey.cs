namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>Locates a session's events.</summary>
/// <param name="Day">The day of its opening, which selects the partition.</param>
/// <param name="Number">The number of the session.</param>
internal readonly record struct SessionKey(DateOnly Day, long Number);
