using System.Buffers;
using System.Text.Unicode;

namespace Enclave.Protocol.Codec;

public ref partial struct MessagePackReader
{
    private const long Scalar = -1;

    /// <summary>Skips one whole value, and refuses invalid MessagePack: formats, counts, depth and the UTF-8 of strings.</summary>
    public void Skip()
    {
        long children = SkipHead();
        if (children > 0) SkipChildren(children);
    }

    /// <summary>Skips one whole value like <see cref="Skip"/> and returns its bytes, as a slice of the input: valid as long as the input is.</summary>
    public ReadOnlySequence<byte> ReadRawValue()
    {
        long start = Consumed;
        SequencePosition from = _body.GetPosition(_at, _segment);
        Skip();
        return _body.Slice(from, Consumed - start);
    }

    private void SkipChildren(long children)
    {
        // An explicit stack: 1,000,000 nested arrays must cost a comparison, and not crash the process.
        Span<long> owed = stackalloc long[ProtocolLimits.MaxDepth];
        int depth = 0;
        // Every value still expected takes at least a byte, so neither one open container nor all together may expect more than the remaining bytes.
        long owedInAll = 0;
        while (true)
        {
            if (children > 0)
            {
                owed[depth++] = children;
                owedInAll += children;
                if (owedInAll > Remaining) MessagePackFault.TooMany(Consumed, "containers", owedInAll, Remaining);
            }

            while (depth > 0 && owed[depth - 1] == 0) depth--;
            if (depth == 0) return;
            owed[depth - 1]--;
            owedInAll--;
            children = SkipHead();
            if (children != Scalar && depth == ProtocolLimits.MaxDepth) MessagePackFault.TooDeep(Consumed);
        }
    }

    /// <summary>Skips a scalar, or the header of a container. Returns the count of values in the container, or <see cref="Scalar"/>.</summary>
    private long SkipHead()
    {
        switch (PeekKind())
        {
            case MessagePackKind.Array:
                Skipped += ValueCost.OfArray;
                return ReadArrayHeader();
            case MessagePackKind.Map:
                Skipped += ValueCost.OfObject;
                return 2L * ReadMapHeader();
            case MessagePackKind.String:
                SkipString();
                return Scalar;
            case MessagePackKind.Binary:
                int bytes = ReadBinaryHeader();
                Skipped += ValueCost.OfBytes(bytes);
                Advance(bytes);
                return Scalar;
            case MessagePackKind.Extension:
                (sbyte type, int length) = ReadExtensionHeader();
                Skipped += ValueCost.OfExtension(type, length);
                Advance(length);
                return Scalar;
            case MessagePackKind.Integer:
                long value = ReadInteger(out IntegerRange range);
                bool isNumber = range == IntegerRange.Int64 && value is >= -ProtocolLimits.MaxSafeInteger and <= ProtocolLimits.MaxSafeInteger;
                Skipped += isNumber ? ValueCost.OfNumber : ValueCost.OfBigInt(sizeof(long));
                return Scalar;
            case MessagePackKind.Float:
                Skipped += ValueCost.OfNumber;
                _ = ReadDouble();
                return Scalar;
            default:
                Skipped += ValueCost.OfShared;
                _at++;
                return Scalar;
        }
    }

    private void SkipString()
    {
        int length = ReadStringHeader();
        Skipped += ValueCost.OfText(length);
        if (length > _span.Length - _at)
        {
            _ = ReadStringBody(length);
            return;
        }

        if (!Utf8.IsValid(_span.Slice(_at, length))) MessagePackFault.NotUtf8(Consumed);
        _at += length;
    }
}
