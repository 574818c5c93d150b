namespace Enclave.Tools.Sequences;

/// <summary>An earlier call, and its time by the host's clock.</summary>
internal readonly record struct PastCall(uint Id, string Tool, long At);
