namespace Enclave.Cluster.Tests.Checking;

/// <summary>An event in the tables.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its type, according to the column.</param>
/// <param name="Line">The line that clients get, with its line end.</param>
internal sealed record StoredEvent(long Seq, string Type, string Line);
