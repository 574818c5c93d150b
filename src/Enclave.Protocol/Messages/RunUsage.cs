using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The resources that a run used, as the worker reports them. The host checks or replaces those that it can measure itself.</summary>
/// <param name="Ready">Isolates that are ready for a next run; 0 if the worker cannot be reset and ends.</param>
internal readonly record struct RunUsage(long CpuMicroseconds, int ToolCalls, long Iterations, int Ready)
{
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(CpuMicroseconds);
        writer.WriteInt64(ToolCalls);
        writer.WriteInt64(Iterations);
        writer.WriteInt64(Ready);
    }

    public static RunUsage Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(4);
        var usage = new RunUsage(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32());
        bool negative = usage.CpuMicroseconds < 0 || usage.ToolCalls < 0 || usage.Iterations < 0 || usage.Ready < 0;
        return negative ? throw ProtocolException.At(reader.Consumed, "a negative usage") : usage;
    }
}
