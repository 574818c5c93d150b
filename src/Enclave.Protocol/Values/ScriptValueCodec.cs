using System.Buffers;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>The wire format of values: docs/values.md.</summary>
public static class ScriptValueCodec
{
    /// <summary>Writes one value.</summary>
    public static void Write(MessagePackWriter writer, ScriptValue value) => new ScriptValueWriter(writer).Write(value);

    /// <summary>Writes the value that <see cref="ScriptValue.From"/> returns for a .NET object.</summary>
    /// <inheritdoc cref="ScriptValue.From" path="/exception"/>
    public static void WriteObject(MessagePackWriter writer, object? value) => new ObjectConversion().Write(writer, value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="ProtocolException">The bytes are not a value, or exceed one of <paramref name="limits"/>, which the message names.</exception>
    public static ScriptValue Read(ref MessagePackReader reader, in ValueLimits limits) =>
        new ScriptValueReader(limits, reader.Consumed).Read(ref reader, depth: 0);

    /// <summary>Checks that some bytes are one value, without making it.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    internal static void Check(ReadOnlyMemory<byte> encoded, in ValueLimits limits)
    {
        var reader = new MessagePackReader(encoded);
        new ScriptValueReader(limits, reader.Consumed).Check(ref reader, depth: 0);
        if (!reader.End) throw ProtocolException.At(reader.Consumed, $"{reader.Remaining} bytes after the value");
    }

    /// <summary>Encodes a value.</summary>
    public static byte[] Encode(ScriptValue value) => EncodeSized(value, (int)EncodedSize.Of(value));

    /// <summary>Encodes a value whose size is known.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="size">Its <see cref="EncodedSize"/>.</param>
    public static byte[] EncodeSized(ScriptValue value, int size)
    {
        // The writer reserves a little more than it uses.
        var output = new ArrayBufferWriter<byte>(size + 1024);
        Write(new MessagePackWriter(output), value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Decodes a value that takes up all of <paramref name="encoded"/>.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static ScriptValue Decode(in ReadOnlySequence<byte> encoded, in ValueLimits limits)
    {
        var reader = new MessagePackReader(encoded);
        ScriptValue value = Read(ref reader, limits);
        if (!reader.End) throw ProtocolException.At(reader.Consumed, $"{reader.Remaining} bytes after the value");
        return value;
    }
}
