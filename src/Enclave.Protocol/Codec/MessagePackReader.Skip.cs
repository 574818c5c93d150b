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
        Span<long> outer = stackalloc long[ProtocolLimits.MaxDepth];
        int depth = 1;
        long owed = children;
        // Every value still expected takes at least a byte, so neither one open container nor all together may expect more than the remaining bytes.
        long owedInAll = children;
        while (true)
        {
            while (owed == 0)
            {
                if (--depth == 0) return;
                owed = outer[depth];
            }

            owed--;
            owedInAll--;
            if (TrySkipShort()) continue;
            children = SkipHead();
            if (children == Scalar) continue;
            if (depth == ProtocolLimits.MaxDepth) MessagePackFault.TooDeep(Consumed);
            outer[depth++] = owed;
            owed = children;
            owedInAll += children;
            if (owedInAll > Remaining) MessagePackFault.TooMany(Consumed, "containers", owedInAll, Remaining);
        }
    }

    /// <summary>Skips a scalar, or the header of a container. Returns the count of values in the container, or <see cref="Scalar"/>.</summary>
    private long SkipHead()
    {
        switch (PeekKind())
        {
            case MessagePackKind.Array:
                Add(ValueCost.OfArray);
                return ReadArrayHeader();
            case MessagePackKind.Map:
                Add(ValueCost.OfObject);
                return 2L * ReadMapHeader();
            case MessagePackKind.String:
                SkipString();
                return Scalar;
            case MessagePackKind.Binary:
                int bytes = ReadBinaryHeader();
                Add(ValueCost.OfBytes(bytes));
                Advance(bytes);
                return Scalar;
            case MessagePackKind.Extension:
                (sbyte type, int length) = ReadExtensionHeader();
                Add(ValueCost.OfExtension(type, length));
                Advance(length);
                return Scalar;
            case MessagePackKind.Integer:
                long value = ReadInteger(out IntegerRange range);
                bool isNumber = range == IntegerRange.Int64 && value is >= -ProtocolLimits.MaxSafeInteger and <= ProtocolLimits.MaxSafeInteger;
                Add(isNumber ? ValueCost.OfNumber : ValueCost.OfBigInt(sizeof(long)));
                return Scalar;
            case MessagePackKind.Float:
                Add(ValueCost.OfNumber);
                _ = ReadDouble();
                return Scalar;
            default:
                Add(ValueCost.OfShared);
                _at++;
                return Scalar;
        }
    }

    /// <summary>Skips a small integer or a short text in ASCII, which most values and nearly all names are.</summary>
    private bool TrySkipShort()
    {
        byte head = PeekByte();
        if (head is <= MessagePackFormat.PositiveFixIntMax or >= MessagePackFormat.NegativeFixInt)
        {
            Add(ValueCost.OfNumber);
            _at++;
            return true;
        }

        int length = head & 0x1f;
        if (head is < MessagePackFormat.FixStr or > MessagePackFormat.FixStrMax || !IsShortAscii(_at + 1, length)) return false;
        Add(ValueCost.OfText(length));
        _at += 1 + length;
        return true;
    }

    private void SkipString()
    {
        int length = ReadStringHeader();
        Add(ValueCost.OfText(length));
        if (length > _span.Length - _at)
        {
            _ = ReadStringBody(length);
            return;
        }

        if (!Utf8.IsValid(_span.Slice(_at, length))) MessagePackFault.NotUtf8(Consumed);
        _at += length;
    }

    private void Add(ValueCost cost)
    {
        _memory += cost.Memory;
        _decimalWork += cost.DecimalWork;
    }
}
