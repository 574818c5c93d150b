namespace Enclave.Broker;

/// <summary>What a tool finds as <see cref="ToolContext.Context"/> in a run of the broker.</summary>
/// <param name="SessionId">The session, by the name that its client knows.</param>
/// <param name="Owner">The client; null when the broker does not know who it is.</param>
public sealed record BrokerRun(string SessionId, string? Owner);
