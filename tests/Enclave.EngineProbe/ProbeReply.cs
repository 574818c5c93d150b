namespace Enclave.EngineProbe;

/// <summary>What the call came to, and what the script caused meanwhile.</summary>
public sealed record ProbeReply(int Number, string Text, int Status, int Reason, byte[] Body, ProbeCall[] Calls, string[] Console);

/// <summary>A tool call that the script made.</summary>
public sealed record ProbeCall(uint Id, string Name, byte[] Args);
