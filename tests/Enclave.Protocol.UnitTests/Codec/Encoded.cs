using System.Buffers;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Tests.Codec;

/// <summary>Bytes for tests: from our writer, from hex, or cut into segments.</summary>
internal static class Encoded
{
    public delegate void Writing(MessagePackWriter writer);

    public delegate T Reading<out T>(ref MessagePackReader reader);

    public static byte[] By(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new MessagePackWriter(output));
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Reads one value, and checks that nothing follows it.</summary>
    public static T Read<T>(byte[] bytes, Reading<T> read) => Read(new ReadOnlySequence<byte>(bytes), read);

    public static T Read<T>(in ReadOnlySequence<byte> bytes, Reading<T> read)
    {
        var reader = new MessagePackReader(bytes);
        T value = read(ref reader);
        Assert.True(reader.End);
        Assert.Equal(bytes.Length, reader.Consumed);
        return value;
    }

    /// <summary>The exception that reading throws, which must be a <see cref="ProtocolException"/>.</summary>
    public static ProtocolException Refusal<T>(byte[] bytes, Reading<T> read)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            T value = read(ref reader);
            Assert.Fail($"read {value} from {Convert.ToHexString(bytes)}");
        }
        catch (ProtocolException error)
        {
            return error;
        }

        throw new InvalidOperationException("not reached");
    }

    /// <summary>The bytes in segments of the given sizes, the last of which takes the rest. A size may be 0.</summary>
    public static ReadOnlySequence<byte> Segmented(byte[] bytes, params ReadOnlySpan<int> sizes)
    {
        Segment? first = null;
        Segment? last = null;
        int at = 0;
        foreach (int size in (int[])[.. sizes, int.MaxValue])
        {
            int length = Math.Min(size, bytes.Length - at);
            last = new Segment(bytes.AsMemory(at, length), last);
            first ??= last;
            at += length;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null) return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
