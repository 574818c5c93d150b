namespace Enclave.Cluster.Tests.Checking;

/// <summary>An event as the tables have it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its kind, by the column.</param>
/// <param name="Line">The line that clients get, its end included.</param>
internal sealed record StoredEvent(long Seq, string Type, string Line);
