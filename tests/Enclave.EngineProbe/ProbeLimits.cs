using Enclave.Protocol.Messages;

namespace Enclave.EngineProbe;

/// <summary>The limits of every probed run.</summary>
internal static class ProbeLimits
{
    public static RunLimits Default { get; } = new()
    {
        TimeoutMicroseconds = 1_000_000,
        CpuMicroseconds = 1_000_000,
        MemoryBytes = 64 << 20,
        MaxToolCalls = 10,
        MaxPendingToolCalls = 10,
        MaxIterations = 1000,
        MaxConsoleCalls = 100,
        MaxConsoleBytes = 65536,
        MaxValueDepth = 50,
        MaxValueProperties = 100_000,
        MaxValueBytes = 1 << 20,
    };
}
