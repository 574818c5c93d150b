using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>What a repeatable run starts from. The default is a run with the machine's randomness and time.</summary>
internal readonly record struct RunOrigin
{
    /// <summary>Whether randomness and time are these.</summary>
    public bool IsRepeatable { get; private init; }

    /// <summary>The seed of <c>Math.random</c>.</summary>
    public ulong Seed { get; private init; }

    /// <summary>What <c>Date</c> shows until a tool's answer moves it, in milliseconds since 1970.</summary>
    public long Milliseconds { get; private init; }

    public static RunOrigin Of(ulong seed, long milliseconds) => new() { IsRepeatable = true, Seed = seed, Milliseconds = milliseconds };

    public void Write(in MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(Seed);
        writer.WriteInt64(Milliseconds);
    }

    public static RunOrigin Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(2);
        ulong seed = reader.ReadUInt64();
        return Of(seed, ReadTime(ref reader));
    }

    /// <summary>A time that a <c>Date</c> can hold.</summary>
    public static long ReadTime(ref MessagePackReader reader)
    {
        long milliseconds = reader.ReadInt64();
        if (milliseconds is < -ProtocolLimits.MaxDateMilliseconds or > ProtocolLimits.MaxDateMilliseconds) throw ProtocolException.At(reader.Consumed, $"a time of {milliseconds} ms");
        return milliseconds;
    }
}
