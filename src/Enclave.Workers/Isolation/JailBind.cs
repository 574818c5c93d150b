namespace Enclave.Isolation;

/// <summary>A file of the machine, and its path in a jail.</summary>
internal sealed record JailBind(string Source, string Target);
