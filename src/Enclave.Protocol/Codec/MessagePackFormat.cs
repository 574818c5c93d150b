namespace Enclave.Protocol.Codec;

/// <summary>The first byte of every MessagePack format, by the names of the specification.</summary>
internal static class MessagePackFormat
{
    public const byte PositiveFixIntMax = 0x7f;
    public const byte FixMap = 0x80;
    public const byte FixMapMax = 0x8f;
    public const byte FixArray = 0x90;
    public const byte FixArrayMax = 0x9f;
    public const byte FixStr = 0xa0;
    public const byte FixStrMax = 0xbf;
    public const byte Nil = 0xc0;
    public const byte NeverUsed = 0xc1;
    public const byte False = 0xc2;
    public const byte True = 0xc3;
    public const byte Bin8 = 0xc4;
    public const byte Bin16 = 0xc5;
    public const byte Bin32 = 0xc6;
    public const byte Ext8 = 0xc7;
    public const byte Ext16 = 0xc8;
    public const byte Ext32 = 0xc9;
    public const byte Float32 = 0xca;
    public const byte Float64 = 0xcb;
    public const byte UInt8 = 0xcc;
    public const byte UInt16 = 0xcd;
    public const byte UInt32 = 0xce;
    public const byte UInt64 = 0xcf;
    public const byte Int8 = 0xd0;
    public const byte Int16 = 0xd1;
    public const byte Int32 = 0xd2;
    public const byte Int64 = 0xd3;
    public const byte FixExt1 = 0xd4;
    public const byte FixExt2 = 0xd5;
    public const byte FixExt4 = 0xd6;
    public const byte FixExt8 = 0xd7;
    public const byte FixExt16 = 0xd8;
    public const byte Str8 = 0xd9;
    public const byte Str16 = 0xda;
    public const byte Str32 = 0xdb;
    public const byte Array16 = 0xdc;
    public const byte Array32 = 0xdd;
    public const byte Map16 = 0xde;
    public const byte Map32 = 0xdf;
    public const byte NegativeFixInt = 0xe0;

    // Each value of a frame is looked up, and often twice: a table takes one load in place of some ten comparisons.
    private static readonly MessagePackKind[] s_kinds = [.. Enumerable.Range(0, 256).Select((head) => Find((byte)head))];

    /// <summary>The family of a first byte.</summary>
    public static MessagePackKind KindOf(byte head) => s_kinds[head];

    private static MessagePackKind Find(byte head) => head switch
    {
        <= PositiveFixIntMax or >= NegativeFixInt => MessagePackKind.Integer,
        <= FixMapMax => MessagePackKind.Map,
        <= FixArrayMax => MessagePackKind.Array,
        <= FixStrMax => MessagePackKind.String,
        Nil => MessagePackKind.Nil,
        NeverUsed => MessagePackKind.None,
        False or True => MessagePackKind.Boolean,
        <= Bin32 => MessagePackKind.Binary,
        <= Ext32 => MessagePackKind.Extension,
        Float32 or Float64 => MessagePackKind.Float,
        <= Int64 => MessagePackKind.Integer,
        <= FixExt16 => MessagePackKind.Extension,
        <= Str32 => MessagePackKind.String,
        <= Array32 => MessagePackKind.Array,
        <= Map32 => MessagePackKind.Map,
    };
}
