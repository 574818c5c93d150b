using System.Buffers;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The restrictions that a warm worker applies to itself before its first job.</summary>
/// <param name="Layers">The layers to apply.</param>
/// <param name="Uid">The user and group to switch to, with <see cref="LockLayers.User"/>.</param>
/// <param name="DataBytes">Writable memory beyond what the warm worker has mapped, with <see cref="LockLayers.Limits"/>.</param>
/// <param name="CpuSeconds">CPU time of the whole process, with <see cref="LockLayers.Limits"/>.</param>
/// <param name="Filter">The system call filter, eight bytes per instruction, with <see cref="LockLayers.Seccomp"/>.</param>
internal sealed record WorkerLock(LockLayers Layers, int Uid, long DataBytes, long CpuSeconds, ReadOnlyMemory<byte> Filter)
{
    /// <summary>No restrictions: for programs that are not real workers.</summary>
    public static WorkerLock None { get; } = new(LockLayers.None, 0, 0, 0, ReadOnlyMemory<byte>.Empty);

    internal void Write(in MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64((long)Layers);
        writer.WriteInt64(Uid);
        writer.WriteInt64(DataBytes);
        writer.WriteInt64(CpuSeconds);
        writer.WriteBinary(Filter.Span);
    }

    internal static WorkerLock Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(5);
        var layers = (LockLayers)reader.ReadInt32();
        int uid = reader.ReadInt32();
        long data = reader.ReadInt64(), cpu = reader.ReadInt64();
        byte[] filter = reader.ReadBinary(ProtocolLimits.FilterBytes).ToArray();
        if ((layers & ~LockLayers.All) != 0 || uid < 0 || data < 0 || cpu < 0 || filter.Length % ProtocolLimits.InstructionBytes != 0)
        {
            throw ProtocolException.At(reader.Consumed, $"a lock of layers {(int)layers}, uid {uid}, {data} bytes, {cpu} s, {filter.Length} bytes of filter");
        }

        return new WorkerLock(layers, uid, data, cpu, filter);
    }
}
