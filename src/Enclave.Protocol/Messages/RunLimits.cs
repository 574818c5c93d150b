using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The limits of one run. Times are in microseconds, sizes in bytes. Every limit is above zero.</summary>
internal sealed record RunLimits : CountedLimits
{
    private const int Fields = 11;

    /// <summary>Wall time of the run.</summary>
    public required long TimeoutMicroseconds { get; init; }

    /// <summary>CPU time of the run.</summary>
    public required long CpuMicroseconds { get; init; }

    /// <summary>Memory of the engine's heap.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Tool calls that wait for their answers at one time.</summary>
    public required int MaxPendingToolCalls { get; init; }

    /// <summary>Limit of all loops and counted callbacks of the run together. Derived, and not sent.</summary>
    public long MaxTotalIterations => MaxIterations * 100L;

    /// <summary>Nesting of one value.</summary>
    public required int MaxValueDepth { get; init; }

    /// <summary>Properties and items of one value.</summary>
    public required int MaxValueProperties { get; init; }

    /// <summary>Size of one encoded value.</summary>
    public required int MaxValueBytes { get; init; }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Fields);
        writer.WriteInt64(TimeoutMicroseconds);
        writer.WriteInt64(CpuMicroseconds);
        writer.WriteInt64(MemoryBytes);
        writer.WriteInt64(MaxToolCalls);
        writer.WriteInt64(MaxPendingToolCalls);
        writer.WriteInt64(MaxIterations);
        writer.WriteInt64(MaxConsoleCalls);
        writer.WriteInt64(MaxConsoleBytes);
        writer.WriteInt64(MaxValueDepth);
        writer.WriteInt64(MaxValueProperties);
        writer.WriteInt64(MaxValueBytes);
    }

    internal static RunLimits Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(Fields);
        return new RunLimits
        {
            TimeoutMicroseconds = Positive(ref reader),
            CpuMicroseconds = Positive(ref reader),
            MemoryBytes = Memory(ref reader),
            MaxToolCalls = Count(ref reader),
            MaxPendingToolCalls = Count(ref reader),
            MaxIterations = Iterations(ref reader),
            MaxConsoleCalls = Count(ref reader),
            MaxConsoleBytes = reader.ReadInt64(),
            MaxValueDepth = Count(ref reader),
            MaxValueProperties = Count(ref reader),
            MaxValueBytes = Count(ref reader),
        };
    }

    private static long Positive(ref MessagePackReader reader)
    {
        long value = reader.ReadInt64();
        return value > 0 ? value : throw ProtocolException.At(reader.Consumed, $"a limit of {value}");
    }

    private static long Memory(ref MessagePackReader reader)
    {
        long value = Positive(ref reader);
        return value <= ProtocolLimits.MaxMemoryBytes ? value : throw ProtocolException.At(reader.Consumed, $"a memory limit of {value}");
    }

    private static int Iterations(ref MessagePackReader reader)
    {
        int value = Count(ref reader);
        return value <= ProtocolLimits.MaxIterations ? value : throw ProtocolException.At(reader.Consumed, $"a limit of {value} iterations");
    }

    private static int Count(ref MessagePackReader reader)
    {
        int value = reader.ReadInt32();
        return value >= 0 ? value : throw ProtocolException.At(reader.Consumed, $"a limit of {value}");
    }
}
