using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>Reads one value, within limits, from untrusted bytes.</summary>
internal struct ScriptValueReader(ValueLimits limits, long start)
{
    private readonly int _maxDepth = Math.Min(limits.MaxDepth, ProtocolLimits.MaxDepth);
    private readonly long _end = start + limits.MaxBytes;
    private long _properties;
    private long _owed;
    private int _references;

    // The last object that was read at each depth: most objects of a list have the names of the one before.
    private PropertyTable?[]? _before;

    /// <summary>Reads a value inside <paramref name="depth"/> containers.</summary>
    public ScriptValue Read(ref MessagePackReader reader, int depth)
    {
        MessagePackKind kind = reader.PeekKind();
        ScriptValue value;
        switch (kind)
        {
            case MessagePackKind.Nil:
                _ = reader.TryReadNil();
                value = ScriptValue.Null;
                break;
            case MessagePackKind.Boolean:
                value = ScriptValue.OfBoolean(reader.ReadBoolean());
                break;
            case MessagePackKind.Integer:
                value = ReadInteger(ref reader);
                break;
            case MessagePackKind.Float:
                value = ScriptValue.OfNumber(reader.ReadDouble());
                break;
            case MessagePackKind.String:
                value = ScriptValue.OfString(ReadString(ref reader));
                break;
            case MessagePackKind.Binary:
                int length = reader.ReadBinaryHeader();
                CheckBytes(ref reader, length);
                value = ScriptValue.OfBytes(reader.ReadBody(length).ToArray());
                break;
            case MessagePackKind.Extension:
                value = ReadExtension(ref reader);
                break;
            case MessagePackKind.Array:
                return ReadArray(ref reader, depth + 1);
            default:
                return ReadObject(ref reader, depth + 1);
        }

        CheckBytes(ref reader, 0);
        return value;
    }

    /// <summary>
    /// Passes over a value inside <paramref name="depth"/> containers that <see cref="Read"/> would read. Only scalars of rare kinds are made.
    /// </summary>
    public void Check(ref MessagePackReader reader, int depth)
    {
        switch (reader.PeekKind())
        {
            case MessagePackKind.Array:
                int items = reader.ReadArrayHeader();
                CheckContainer(ref reader, depth + 1, items, valuesEach: 1);
                for (; items > 0; items--)
                {
                    _owed--;
                    Check(ref reader, depth + 1);
                }

                return;
            case MessagePackKind.Map:
                int properties = reader.ReadMapHeader();
                CheckContainer(ref reader, depth + 1, properties, valuesEach: 2);
                for (; properties > 0; properties--)
                {
                    _owed -= 2;
                    if (reader.PeekKind() == MessagePackKind.String) reader.Skip();
                    else _ = ReadKey(ref reader);
                    CheckBytes(ref reader, 0);
                    Check(ref reader, depth + 1);
                }

                return;
            case MessagePackKind.Extension:
                _ = ReadExtension(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }

        CheckBytes(ref reader, 0);
    }

    private ScriptValue ReadArray(ref MessagePackReader reader, int depth)
    {
        int count = reader.ReadArrayHeader();
        CheckContainer(ref reader, depth, count, valuesEach: 1);
        var items = count == 0 ? [] : new ScriptValue[count];
        for (int i = 0; i < items.Length; i++)
        {
            _owed--;
            items[i] = Read(ref reader, depth);
        }

        return ScriptValue.OfArray(items);
    }

    private ScriptValue ReadObject(ref MessagePackReader reader, int depth)
    {
        int count = reader.ReadMapHeader();
        CheckContainer(ref reader, depth, count, valuesEach: 2);
        if (_before is null || _before.Length <= depth) Array.Resize(ref _before, depth + 1);
        PropertyTable before = _before[depth] ?? PropertyTable.Empty;
        var properties = new PropertyTable.Builder(count, before);
        for (int i = 0; i < count; i++)
        {
            _owed -= 2;
            string? name = properties.Expected;
            if (name is not null && reader.TryReadAscii(name)) CheckBytes(ref reader, 0);
            else name = ReadKey(ref reader);
            properties.Set(name, Read(ref reader, depth));
        }

        PropertyTable table = properties.Build();
        _before[depth] = table;
        return ScriptValue.OfObject(table);
    }

    private readonly string ReadKey(ref MessagePackReader reader)
    {
        MessagePackKind kind = reader.PeekKind();
        if (kind == MessagePackKind.String) return ReadString(ref reader);
        long at = reader.Consumed;
        if (kind != MessagePackKind.Extension) throw ProtocolException.At(at, $"key of kind {kind}, expected String");
        (sbyte type, int length) = reader.ReadExtensionHeader();
        if (type != ValueExtension.Utf16) throw ProtocolException.At(at, $"key of extension type {type}, expected {ValueExtension.Utf16}");
        CheckBytes(ref reader, length);
        return DecodeUtf16(at, reader.ReadBody(length));
    }

    private readonly string ReadString(ref MessagePackReader reader)
    {
        int length = reader.ReadStringHeader();
        CheckBytes(ref reader, length);
        return reader.ReadStringBody(length);
    }

    private static ScriptValue ReadInteger(ref MessagePackReader reader) =>
        reader.ReadInteger(out ulong large) is { } value ? ScriptValue.OfInteger(value) : ScriptValue.OfBigInt(large);

    private ScriptValue ReadExtension(ref MessagePackReader reader)
    {
        long at = reader.Consumed;
        (sbyte type, int length) = reader.ReadExtensionHeader();
        CheckBytes(ref reader, length);
        ReadOnlySequence<byte> body = reader.ReadBody(length);
        return type switch
        {
            ValueExtension.Timestamp => ScriptValue.OfDate(MessagePackTimestamp.Decode(at, body)),
            ValueExtension.Undefined when length == 0 => ScriptValue.Undefined,
            ValueExtension.Undefined => throw ProtocolException.At(at, $"undefined with {length} bytes of data"),
            ValueExtension.BigInt => ScriptValue.OfBigInt(DecodeBigInt(at, body)),
            ValueExtension.Utf16 => ScriptValue.OfString(DecodeUtf16(at, body)),
            ValueExtension.Reference when _references++ < limits.MaxReferences => ScriptValue.OfReference(ReferenceCodec.Read(at, body)),
            ValueExtension.Reference when limits.MaxReferences > 0 => throw ProtocolException.At(at, $"more than {limits.MaxReferences} references"),
            _ => throw ProtocolException.At(at, $"extension type {type} is not a value"),
        };
    }

    private static BigInteger DecodeBigInt(long at, in ReadOnlySequence<byte> body)
    {
        if (body.Length - 1 > ProtocolLimits.MaxBigIntBytes) throw ProtocolException.At(at, $"BigInt above {ProtocolLimits.MaxBigIntBytes} bytes");
        ReadOnlySpan<byte> data = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (data.IsEmpty) throw ProtocolException.At(at, "BigInt without a sign");
        if (data[0] > 1) throw ProtocolException.At(at, $"BigInt with sign {data[0]}, expected 0 or 1");
        // Each number has only one form, so that equal values have equal bytes.
        if (data.Length > 1 && data[^1] == 0) throw ProtocolException.At(at, "BigInt with a zero byte at its end");
        if (data is [1]) throw ProtocolException.At(at, "BigInt of negative zero");
        var magnitude = new BigInteger(data[1..], isUnsigned: true);
        return data[0] == 1 ? -magnitude : magnitude;
    }

    private static string DecodeUtf16(long at, in ReadOnlySequence<byte> body)
    {
        if (body.Length % sizeof(char) != 0) throw ProtocolException.At(at, $"UTF-16 string of {body.Length} bytes, which is odd");
        return string.Create((int)(body.Length / sizeof(char)), body, static (text, body) =>
        {
            ReadOnlySpan<byte> data = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
            for (int i = 0; i < text.Length; i++) text[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(data[(i * sizeof(char))..]);
        });
    }

    private void CheckContainer(ref MessagePackReader reader, int depth, int count, int valuesEach)
    {
        if (depth > _maxDepth) throw ProtocolException.At(reader.Consumed, $"value above the limit {nameof(ValueLimits.MaxDepth)} of {_maxDepth}");
        _properties += count;
        if (_properties > limits.MaxProperties)
        {
            throw ProtocolException.At(reader.Consumed, $"value above the limit {nameof(ValueLimits.MaxProperties)} of {limits.MaxProperties}");
        }

        // A count is compared with the remaining bytes, but 128 nested arrays could each claim all of them. The sum of the claims must not be larger than the
        // remaining bytes.
        _owed += (long)count * valuesEach;
        if (_owed > reader.Remaining) MessagePackFault.TooMany(reader.Consumed, "containers", _owed, reader.Remaining);
        CheckBytes(ref reader, _owed);
    }

    /// <summary>Refuses a value if its known next <paramref name="more"/> bytes would exceed the limit.</summary>
    private readonly void CheckBytes(ref MessagePackReader reader, long more)
    {
        if (reader.Consumed + more > _end)
        {
            throw ProtocolException.At(reader.Consumed, $"value above the limit {nameof(ValueLimits.MaxBytes)} of {limits.MaxBytes}");
        }
    }
}
