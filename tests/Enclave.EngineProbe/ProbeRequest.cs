namespace Enclave.EngineProbe;

/// <summary>One call of the engine's seam, as a line of JSON. Bytes are base64.</summary>
public sealed record ProbeRequest(string Op, int Isolate = 0, long MemoryLimit = 0, uint CallId = 0, byte[]? Payload = null, byte[]? Source = null, int ConsoleAnswer = 0, bool Repeatable = false, ulong Seed = 0, long Milliseconds = 0, ulong Key = 0);
