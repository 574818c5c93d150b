using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker, once and first: identifies the host, and configures the worker.</summary>
/// <param name="Nonce">Sixteen random bytes that <see cref="ReadyMessage"/> repeats, which shows that the worker did not answer in advance.</param>
/// <param name="MaxFrameBytes">The largest body that either side sends from now on.</param>
/// <param name="HeapLimit">The memory limit of most runs, in bytes: V8 chooses the sizes of the worker's heap for it.</param>
/// <param name="LargestLimit">The largest memory limit of a run, in bytes.</param>
/// <param name="RemovedGlobals">Names of globals that are removed at this level.</param>
internal sealed record HelloMessage(ReadOnlyMemory<byte> Nonce, int MaxFrameBytes, long HeapLimit, long LargestLimit, IReadOnlyList<string> RemovedGlobals)
{
    /// <summary>The resolution of <c>Date</c> in milliseconds; 1 for the machine's clock.</summary>
    public int ClockStep { get; init; } = 1;

    /// <summary>The restrictions that the worker applies to itself once it is warm.</summary>
    public WorkerLock Lock { get; init; } = WorkerLock.None;

    /// <summary>True if a forked worker runs a program before its first job, which then does not pay for what every job needs.</summary>
    public bool Rehearses { get; init; } = true;

    /// <summary>The libraries that follow; null for none.</summary>
    public LibraryPlan? Libraries { get; init; }

    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Hello);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(Libraries is null ? 8 : 9);
        writer.WriteBinary(Nonce.Span);
        writer.WriteInt64(MaxFrameBytes);
        writer.WriteInt64(HeapLimit);
        writer.WriteInt64(LargestLimit);
        writer.WriteArrayHeader(RemovedGlobals.Count);
        foreach (string name in RemovedGlobals) writer.WriteString(name);
        writer.WriteInt64(ClockStep);
        Lock.Write(writer);
        writer.WriteInt64(Rehearses ? 1 : 0);
        Libraries?.Write(writer);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static HelloMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        int fields = reader.ReadArrayHeader();
        if (fields is not (8 or 9)) throw ProtocolException.At(0, $"a hello of {fields} fields");
        byte[] nonce = reader.ReadBinary(ProtocolLimits.NonceBytes).ToArray();
        int maxFrameBytes = reader.ReadInt32();
        long heapLimit = reader.ReadInt64();
        long largestLimit = reader.ReadInt64();
        int count = reader.ReadArrayHeader();
        if (count > ProtocolLimits.MaxRemovedGlobals) throw ProtocolException.At(reader.Consumed, $"{count} removed globals");
        var removed = new string[count];
        for (int i = 0; i < count; i++) removed[i] = reader.ReadString(ProtocolLimits.GlobalNameBytes);
        int clockStep = reader.ReadInt32();
        WorkerLock plan = WorkerLock.Read(ref reader);
        int rehearses = reader.ReadInt32();
        LibraryPlan? libraries = fields == 9 ? LibraryPlan.Read(ref reader) : null;
        reader.ExpectEnd();
        if (nonce.Length != ProtocolLimits.NonceBytes) throw ProtocolException.At(0, $"a nonce of {nonce.Length} bytes");
        if (maxFrameBytes is < ProtocolLimits.MinFrameBytes or > ProtocolLimits.MaxFrameBytes)
        {
            throw ProtocolException.At(0, $"a frame limit of {maxFrameBytes}");
        }

        if (rehearses is not (0 or 1)) throw ProtocolException.At(0, $"a rehearsal of {rehearses}");
        if (clockStep is < 1 or > ProtocolLimits.MaxClockStep) throw ProtocolException.At(0, $"a clock step of {clockStep} ms");
        if (heapLimit is <= 0 or > ProtocolLimits.MaxMemoryBytes) throw ProtocolException.At(0, $"a heap limit of {heapLimit}");
        if (largestLimit < heapLimit || largestLimit > ProtocolLimits.MaxMemoryBytes)
        {
            throw ProtocolException.At(0, $"a largest limit of {largestLimit}");
        }

        return new HelloMessage(nonce, maxFrameBytes, heapLimit, largestLimit, removed)
        {
            ClockStep = clockStep,
            Lock = plan,
            Rehearses = rehearses == 1,
            Libraries = libraries,
        };
    }
}
