namespace Enclave.Isolation;

/// <summary>A file of the machine, and where a jail has it.</summary>
internal sealed record JailBind(string Source, string Target);
