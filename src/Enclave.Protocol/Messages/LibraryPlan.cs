using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>What the hello says of the libraries behind it.</summary>
/// <param name="Count">How many <see cref="LibraryMessage"/> follow. Range: 1 to 16.</param>
/// <param name="CpuMicroseconds">The CPU time that evaluating all of them may take.</param>
/// <param name="HeldBytes">The memory that all of them may keep.</param>
/// <param name="RoofBytes">The largest memory limit of a job of this worker.</param>
internal sealed record LibraryPlan(int Count, long CpuMicroseconds, long HeldBytes, long RoofBytes)
{
    public void Write(in MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(Count);
        writer.WriteInt64(CpuMicroseconds);
        writer.WriteInt64(HeldBytes);
        writer.WriteInt64(RoofBytes);
    }

    public static LibraryPlan Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(4);
        int count = reader.ReadInt32();
        if (count is < 1 or > MessageLimits.Libraries) throw ProtocolException.At(reader.Consumed, $"{count} libraries");
        long cpu = reader.ReadInt64();
        if (cpu is < 1 or > MessageLimits.RemainingMicroseconds) throw ProtocolException.At(reader.Consumed, $"{cpu} microseconds for libraries");
        return new LibraryPlan(count, cpu, ReadBytes(ref reader), ReadBytes(ref reader));
    }

    private static long ReadBytes(ref MessagePackReader reader)
    {
        long bytes = reader.ReadInt64();
        return bytes is > 0 and <= ProtocolLimits.MaxMemoryBytes ? bytes : throw ProtocolException.At(reader.Consumed, $"{bytes} bytes for libraries");
    }
}
