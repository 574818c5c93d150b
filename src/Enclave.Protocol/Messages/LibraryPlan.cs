using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The number and the limits of the libraries, in the hello.</summary>
/// <param name="Count">Number of <see cref="LibraryMessage"/> that follow. Range: 1 to 16.</param>
/// <param name="CpuMicroseconds">CPU time limit for evaluating all of them.</param>
/// <param name="HeldBytes">Memory limit of all of them.</param>
internal sealed record LibraryPlan(int Count, long CpuMicroseconds, long HeldBytes)
{
    internal void Write(in MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Count);
        writer.WriteInt64(CpuMicroseconds);
        writer.WriteInt64(HeldBytes);
    }

    internal static LibraryPlan Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(3);
        int count = reader.ReadInt32();
        if (count is < 1 or > ProtocolLimits.MaxLibraries) throw ProtocolException.At(reader.Consumed, $"{count} libraries");
        long cpu = reader.ReadInt64();
        if (cpu is < 1 or > ProtocolLimits.MaxRemainingMicroseconds) throw ProtocolException.At(reader.Consumed, $"{cpu} microseconds for libraries");
        long held = reader.ReadInt64();
        if (held is < 1 or > ProtocolLimits.MaxMemoryBytes) throw ProtocolException.At(reader.Consumed, $"{held} bytes for libraries");
        return new LibraryPlan(count, cpu, held);
    }
}
