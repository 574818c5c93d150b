using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The randomness and time of a repeatable run. The default means the machine's.</summary>
internal readonly record struct RunOrigin
{
    private const int Fields = 6;

    /// <summary>True if randomness and time are given.</summary>
    public bool IsRepeatable { get; private init; }

    /// <summary>The seed of <c>Math.random</c>.</summary>
    public ulong Seed { get; private init; }

    /// <summary>The time of <c>Date</c> until a tool's answer moves it, in milliseconds since 1970.</summary>
    public long Milliseconds { get; private init; }

    /// <summary>The origin of its random bytes.</summary>
    public RunSecret Secret { get; private init; }

    /// <summary>A repeatable start: this seed and this time, in milliseconds since 1970.</summary>
    public static RunOrigin Of(ulong seed, long milliseconds, RunSecret secret = default) =>
        new() { IsRepeatable = true, Seed = seed, Milliseconds = milliseconds, Secret = secret };

    internal void Write(in MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Fields);
        writer.WriteUInt64(Seed);
        writer.WriteInt64(Milliseconds);
        Secret.Write(writer);
    }

    internal static RunOrigin Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(Fields);
        ulong seed = reader.ReadUInt64();
        long milliseconds = ReadTime(ref reader);
        return Of(seed, milliseconds, RunSecret.Read(ref reader));
    }

    /// <summary>Reads a time in the range of a <c>Date</c>.</summary>
    public static long ReadTime(ref MessagePackReader reader)
    {
        long milliseconds = reader.ReadInt64();
        if (milliseconds is < -ProtocolLimits.MaxDateMilliseconds or > ProtocolLimits.MaxDateMilliseconds)
            throw ProtocolException.At(reader.Consumed, $"a time of {milliseconds} ms");
        return milliseconds;
    }
}
