namespace Enclave.Broker;

/// <summary>The <see cref="ToolContext.Context"/> of tools in a run of the broker.</summary>
/// <param name="SessionId">The session, by the name that its client uses.</param>
/// <param name="Owner">The client; null for an anonymous client.</param>
public sealed record BrokerRun(string SessionId, string? Owner);
