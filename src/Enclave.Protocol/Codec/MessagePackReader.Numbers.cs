namespace Enclave.Protocol.Codec;

public ref partial struct MessagePackReader
{
    private enum IntegerRange
    {
        Int64,
        AboveInt64,
    }

    /// <summary>Reads an integer of any format that fits a signed 64-bit one.</summary>
    public long ReadInt64()
    {
        long start = Consumed;
        long value = ReadInteger(out IntegerRange range);
        if (range != IntegerRange.Int64) MessagePackFault.OutOfRange(start, "int64");
        return value;
    }

    /// <summary>Reads an integer of any format that is not negative.</summary>
    public ulong ReadUInt64()
    {
        long start = Consumed;
        long value = ReadInteger(out IntegerRange range);
        if (value < 0 && range == IntegerRange.Int64) MessagePackFault.OutOfRange(start, "uint64");
        return (ulong)value;
    }

    /// <summary>Reads an integer of any format that fits a signed 32-bit one.</summary>
    public int ReadInt32()
    {
        long start = Consumed;
        long value = ReadInteger(out IntegerRange range);
        if (range != IntegerRange.Int64 || value != (int)value) MessagePackFault.OutOfRange(start, "int32");
        return (int)value;
    }

    /// <summary>Reads an integer of any format that fits an unsigned 32-bit one.</summary>
    public uint ReadUInt32()
    {
        long start = Consumed;
        long value = ReadInteger(out IntegerRange range);
        if (range != IntegerRange.Int64 || value != (uint)value) MessagePackFault.OutOfRange(start, "uint32");
        return (uint)value;
    }

    /// <summary>Reads an integer of any format: its value, or <c>null</c> above int64, where <paramref name="large"/> holds it.</summary>
    public long? ReadInteger(out ulong large)
    {
        long value = ReadInteger(out IntegerRange range);
        large = (ulong)value;
        return range == IntegerRange.Int64 ? value : null;
    }

    /// <summary>Reads a number: float64, float32 or an integer, which is rounded if it is too large to be exact.</summary>
    public double ReadDouble()
    {
        byte head = PeekByte();
        switch (head)
        {
            case MessagePackFormat.Float64:
                _at++;
                return BitConverter.UInt64BitsToDouble(ReadBigEndian64());
            case MessagePackFormat.Float32:
                _at++;
                return BitConverter.UInt32BitsToSingle(ReadBigEndian32());
        }

        long start = Consumed;
        if (MessagePackFormat.KindOf(head) != MessagePackKind.Integer) MessagePackFault.Unexpected(start, head, "a number");
        long value = ReadInteger(out IntegerRange range);
        return range == IntegerRange.Int64 ? value : (double)(ulong)value;
    }

    /// <summary>Reads an integer of any format; above int64 the bits are those of the unsigned value.</summary>
    private long ReadInteger(out IntegerRange range)
    {
        range = IntegerRange.Int64;
        long start = Consumed;
        byte head = ReadByte();
        switch (head)
        {
            case <= MessagePackFormat.PositiveFixIntMax:
                return head;
            case >= MessagePackFormat.NegativeFixInt:
                return (sbyte)head;
            case MessagePackFormat.UInt8:
                return ReadByte();
            case MessagePackFormat.UInt16:
                return ReadBigEndian16();
            case MessagePackFormat.UInt32:
                return ReadBigEndian32();
            case MessagePackFormat.UInt64:
                ulong value = ReadBigEndian64();
                if (value > long.MaxValue) range = IntegerRange.AboveInt64;
                return (long)value;
            case MessagePackFormat.Int8:
                return (sbyte)ReadByte();
            case MessagePackFormat.Int16:
                return (short)ReadBigEndian16();
            case MessagePackFormat.Int32:
                return (int)ReadBigEndian32();
            case MessagePackFormat.Int64:
                return (long)ReadBigEndian64();
            default:
                MessagePackFault.Unexpected(start, head, "Integer");
                return 0;
        }
    }
}
