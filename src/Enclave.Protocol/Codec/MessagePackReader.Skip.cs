using System.Buffers;
using System.Text.Unicode;

namespace Enclave.Protocol.Codec;

internal ref partial struct MessagePackReader
{
    private const long Scalar = -1;

    /// <summary>Passes over one whole value, refusing what is not well-formed MessagePack: formats, counts, depth and the UTF-8 of strings.</summary>
    public void Skip()
    {
        long children = SkipHead();
        if (children > 0) SkipChildren(children);
    }

    /// <summary>Passes over one whole value as <see cref="Skip"/> does and gives its bytes, as a slice of the input: valid as long as the input is.</summary>
    public ReadOnlySequence<byte> ReadRawValue()
    {
        long start = Consumed;
        SequencePosition from = _body.GetPosition(_at, _segment);
        Skip();
        return _body.Slice(from, Consumed - start);
    }

    private void SkipChildren(long children)
    {
        // A stack of our own, not the machine's: 1,000,000 nested arrays must cost a comparison, not the process.
        Span<long> owed = stackalloc long[ProtocolLimits.MaxDepth];
        int depth = 0;
        // Every value still owed takes a byte, so all open containers together may not owe more than is left, nor may any one of them.
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

    /// <summary>Passes over a scalar, or over the header of a container: gives the count of values inside it, or <see cref="Scalar"/>.</summary>
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
