using System.Buffers;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>The wire form of values: docs/values.md.</summary>
internal static class ScriptValueCodec
{
    /// <summary>Writes one value.</summary>
    public static void Write(MessagePackWriter writer, ScriptValue value) => new ScriptValueWriter(writer).Write(value);

    /// <summary>Writes the value that <see cref="ScriptValue.From"/> makes of a .NET object.</summary>
    /// <inheritdoc cref="ScriptValue.From" path="/exception"/>
    public static void WriteObject(MessagePackWriter writer, object? value) => new ObjectConversion().Write(writer, value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="ProtocolException">The bytes are no value, or it is above one of <paramref name="limits"/>, which the message names.</exception>
    public static ScriptValue Read(ref MessagePackReader reader, in ValueLimits limits) => new ScriptValueReader(limits, reader.Consumed).Read(ref reader, depth: 0);

    /// <summary>One value as bytes of its own.</summary>
    public static byte[] Encode(ScriptValue value) => EncodeSized(value, (int)EncodedSize.Of(value));

    /// <summary>As <see cref="Encode"/>, of a value whose size is known.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="size">Its <see cref="EncodedSize"/>.</param>
    public static byte[] EncodeSized(ScriptValue value, int size)
    {
        // The writer asks for somewhat more than it uses.
        var output = new ArrayBufferWriter<byte>(size + 1024);
        Write(new MessagePackWriter(output), value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The value that is all of <paramref name="encoded"/>.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static ScriptValue Decode(in ReadOnlySequence<byte> encoded, in ValueLimits limits)
    {
        var reader = new MessagePackReader(encoded);
        ScriptValue value = Read(ref reader, limits);
        if (!reader.End) throw ProtocolException.At(reader.Consumed, $"{reader.Remaining} bytes after the value");
        return value;
    }
}
