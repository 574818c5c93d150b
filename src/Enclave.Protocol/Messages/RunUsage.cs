using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The resources that a run used, as the worker reports them. The host checks or replaces those that it can measure itself.</summary>
/// <param name="CpuMicroseconds">CPU time.</param>
/// <param name="ToolCalls">Tool calls that were made.</param>
/// <param name="Iterations">Iterations of loops and counted callbacks.</param>
/// <param name="Ready">Isolates that are ready for the next run; 0 if the worker cannot be reset and ends.</param>
/// <param name="PeakMemoryBytes">The most memory that the script's heap and buffers used at once.</param>
internal readonly record struct RunUsage(long CpuMicroseconds, int ToolCalls, long Iterations, int Ready, long PeakMemoryBytes)
{
    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64(CpuMicroseconds);
        writer.WriteInt64(ToolCalls);
        writer.WriteInt64(Iterations);
        writer.WriteInt64(Ready);
        writer.WriteInt64(PeakMemoryBytes);
    }

    internal static RunUsage Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(5);
        var usage = new RunUsage(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
        bool negative = usage.CpuMicroseconds < 0 || usage.ToolCalls < 0 || usage.Iterations < 0 || usage.Ready < 0 || usage.PeakMemoryBytes < 0;
        return negative ? throw ProtocolException.At(reader.Consumed, "a negative usage") : usage;
    }
}
