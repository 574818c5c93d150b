using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Outcomes;

/// <summary>A value in its encoded form, checked and not yet made: as values most are several times as large, and few are ever read.</summary>
internal sealed class EncodedValue
{
    private ScriptValue? _value;

    private EncodedValue(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>One value.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The value, made when it is asked for.</summary>
    public ScriptValue Value
    {
        get
        {
            if (_value is { } made) return made;
            var reader = new MessagePackReader(Bytes);
            return _value = ScriptValueCodec.Read(ref reader, ValueLimits.Widest);
        }
    }

    /// <summary>Takes the next value.</summary>
    /// <param name="reader">Reads <paramref name="bytes"/>.</param>
    /// <param name="bytes">The bytes to read. They must not change while the value is used.</param>
    /// <exception cref="ProtocolException">The bytes are not a value.</exception>
    public static EncodedValue Read(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> value = reader.ReadRawMemory(bytes);
        ScriptValueCodec.Check(value, ValueLimits.Widest);
        return new EncodedValue(value);
    }
}
