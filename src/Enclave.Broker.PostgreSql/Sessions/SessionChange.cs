namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>What a session is from an event on.</summary>
/// <param name="ToolCalls">Calls made so far.</param>
/// <param name="State">Its state on the wire.</param>
/// <param name="HasEnded">Whether the event is its last.</param>
internal readonly record struct SessionChange(int ToolCalls, string State, bool HasEnded);
