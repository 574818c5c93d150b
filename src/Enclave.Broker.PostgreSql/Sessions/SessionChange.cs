namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>The change of a session that comes with an event.</summary>
/// <param name="ToolCalls">Number of tool calls so far.</param>
/// <param name="State">Its state on the wire.</param>
/// <param name="HasEnded">True if the event is its last.</param>
internal readonly record struct SessionChange(int ToolCalls, string State, bool HasEnded);
