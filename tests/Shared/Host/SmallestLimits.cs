using Enclave.Protocol.Messages;

namespace Enclave.Host.Tests;

/// <summary>The limits of jobs that never run.</summary>
internal static class SmallestLimits
{
    public static RunLimits Value { get; } = new()
    {
        TimeoutMicroseconds = 1,
        CpuMicroseconds = 1,
        MemoryBytes = 1,
        MaxToolCalls = 1,
        MaxPendingToolCalls = 1,
        MaxIterations = 1,
        MaxConsoleCalls = 1,
        MaxConsoleBytes = 1,
        MaxValueDepth = 1,
        MaxValueProperties = 1,
        MaxValueBytes = 1,
    };
}
