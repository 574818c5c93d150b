namespace Enclave.Limits;

/// <summary>The session that a durable run belongs to: kept with the run, because any broker may continue it.</summary>
/// <param name="Id">The name of the session.</param>
/// <param name="Owner">The client that opened it; null for an anonymous one.</param>
/// <param name="OutsideTools">The tools that the client answers itself.</param>
/// <param name="ToolTimeout">The longest wait for one of them; null for none.</param>
internal sealed record DurableSession(string Id, string? Owner, IReadOnlyList<string> OutsideTools, TimeSpan? ToolTimeout);
