using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Enclave.Protocol.Codec;

/// <summary>Reads MessagePack from untrusted bytes. Every fault is a <see cref="ProtocolException"/>.</summary>
/// <remarks>
/// Lengths and counts are compared with the remaining bytes before anything is allocated. Containers are read as a header followed by their values, so a
/// caller that reads them limits the depth itself; <see cref="Skip"/> and <see cref="ReadRawValue"/> refuse more than
/// <see cref="ProtocolLimits.MaxDepth"/>. After an exception the position is unspecified, and the frame cannot be read further.
/// </remarks>
public ref partial struct MessagePackReader
{
    private readonly ReadOnlySequence<byte> _body;
    private readonly long _length;
    private ReadOnlySpan<byte> _span;
    private int _at;
    private long _before;
    private SequencePosition _segment;
    private SequencePosition _next;
    private long _memory, _decimalWork;

    /// <summary>Reads this body from its first byte.</summary>
    public MessagePackReader(scoped in ReadOnlySequence<byte> body)
    {
        _body = body;
        _length = body.Length;
        _segment = _next = body.Start;
        if (body.TryGet(ref _next, out ReadOnlyMemory<byte> first)) _span = first.Span;
    }

    /// <summary>Reads this body from its first byte.</summary>
    public MessagePackReader(ReadOnlyMemory<byte> body)
        : this(new ReadOnlySequence<byte>(body))
    {
    }

    /// <summary>Bytes read so far; the offset in exceptions.</summary>
    public readonly long Consumed => _before + _at;

    /// <summary>Bytes not read yet.</summary>
    public readonly long Remaining => _length - _before - _at;

    /// <summary>The cost of reading the values skipped so far.</summary>
    public readonly ValueCost Skipped => new(_memory, _decimalWork);

    /// <summary>True if every byte has been read.</summary>
    public readonly bool End => Remaining == 0;

    /// <summary>The family of the next value, without reading it.</summary>
    internal MessagePackKind PeekKind()
    {
        byte head = PeekByte();
        MessagePackKind kind = MessagePackFormat.KindOf(head);
        if (kind == MessagePackKind.None) MessagePackFault.Unexpected(Consumed, head, "a value");
        return kind;
    }

    /// <summary>Reads nil if it is next; otherwise reads nothing.</summary>
    public bool TryReadNil()
    {
        if (PeekByte() != MessagePackFormat.Nil) return false;
        _at++;
        return true;
    }

    internal bool ReadBoolean()
    {
        long start = Consumed;
        byte head = ReadByte();
        if (head is not (MessagePackFormat.True or MessagePackFormat.False)) MessagePackFault.Unexpected(start, head, "Boolean");
        return head == MessagePackFormat.True;
    }

    /// <summary>Reads the count of an array. Every element takes at least one byte, so a count above the remaining bytes is refused.</summary>
    public int ReadArrayHeader()
    {
        long start = Consumed;
        byte head = ReadByte();
        long count = 0;
        if (head is >= MessagePackFormat.FixArray and <= MessagePackFormat.FixArrayMax) count = head & 0x0f;
        else if (head == MessagePackFormat.Array16) count = ReadBigEndian16();
        else if (head == MessagePackFormat.Array32) count = ReadBigEndian32();
        else MessagePackFault.Unexpected(start, head, "Array");
        return CheckedCount(start, "array", count, bytesEach: 1);
    }

    /// <summary>Reads the count of an array that must have this length.</summary>
    public void ReadArrayHeader(int expected)
    {
        long start = Consumed;
        int count = ReadArrayHeader();
        if (count != expected) MessagePackFault.WrongCount(start, "array", count, expected);
    }

    /// <summary>Reads the count of a map. Every entry takes at least two bytes, so a count above half of the remaining bytes is refused.</summary>
    public int ReadMapHeader()
    {
        long start = Consumed;
        byte head = ReadByte();
        long count = 0;
        if (head is >= MessagePackFormat.FixMap and <= MessagePackFormat.FixMapMax) count = head & 0x0f;
        else if (head == MessagePackFormat.Map16) count = ReadBigEndian16();
        else if (head == MessagePackFormat.Map32) count = ReadBigEndian32();
        else MessagePackFault.Unexpected(start, head, "Map");
        return CheckedCount(start, "map", count, bytesEach: 2);
    }

    private readonly int CheckedCount(long start, string what, long count, int bytesEach)
    {
        if (count * bytesEach > Remaining || count > int.MaxValue) MessagePackFault.TooMany(start, what, count, Remaining);
        return (int)count;
    }

    private readonly int CheckedLength(long start, string what, long length)
    {
        if (length > Remaining || length > int.MaxValue) MessagePackFault.TooMany(start, what, length, Remaining);
        return (int)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte PeekByte()
    {
        if (_at >= _span.Length && !TryNextSegment()) MessagePackFault.Truncated(Consumed);
        return _span[_at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte ReadByte()
    {
        byte value = PeekByte();
        _at++;
        return value;
    }

    private ushort ReadBigEndian16()
    {
        if (_span.Length - _at < sizeof(ushort)) return (ushort)ReadAcrossSegments(sizeof(ushort));
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(_span[_at..]);
        _at += sizeof(ushort);
        return value;
    }

    private uint ReadBigEndian32()
    {
        if (_span.Length - _at < sizeof(uint)) return (uint)ReadAcrossSegments(sizeof(uint));
        uint value = BinaryPrimitives.ReadUInt32BigEndian(_span[_at..]);
        _at += sizeof(uint);
        return value;
    }

    private ulong ReadBigEndian64()
    {
        if (_span.Length - _at < sizeof(ulong)) return ReadAcrossSegments(sizeof(ulong));
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(_span[_at..]);
        _at += sizeof(ulong);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadAcrossSegments(int bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes; i++) value = value << 8 | ReadByte();
        return value;
    }

    /// <summary>The next bytes. The caller has checked that there are enough.</summary>
    private ReadOnlySequence<byte> Take(int length)
    {
        ReadOnlySequence<byte> taken = _body.Slice(_body.GetPosition(_at, _segment), length);
        Advance(length);
        return taken;
    }

    private void Advance(int length)
    {
        while (length > _span.Length - _at)
        {
            length -= _span.Length - _at;
            _at = _span.Length;
            if (!TryNextSegment()) MessagePackFault.Truncated(Consumed);
        }

        _at += length;
    }

    private bool TryNextSegment()
    {
        SequencePosition start = _next;
        while (_body.TryGet(ref _next, out ReadOnlyMemory<byte> memory))
        {
            _before += _span.Length;
            _at = 0;
            _span = memory.Span;
            _segment = start;
            if (!memory.IsEmpty) return true;
            start = _next;
        }

        return false;
    }
}
