namespace Enclave.Tools.Sequences;

/// <summary>A call that was made, and when by the host's clock.</summary>
internal readonly record struct PastCall(uint Id, string Tool, long At);
