namespace Enclave.Protocol;

/// <summary>The cost of reading an encoded value, known before it is read.</summary>
/// <param name="Memory">Bytes of memory that the read value takes, rounded up.</param>
/// <param name="DecimalWork">
/// The work of writing its BigInts in decimal: the sum of the squares of their lengths in bytes, since the time grows faster than a length.
/// </param>
internal readonly record struct ValueCost(long Memory, long DecimalWork)
{
    /// <summary>The most that the BigInts of one value may take: sixteen of the longest, or as many shorter ones as cost the same.</summary>
    public const long MaxDecimalWork = 16L * ProtocolLimits.MaxBigIntBytes * ProtocolLimits.MaxBigIntBytes;

    // A ScriptValue takes 48 bytes, and its place in what holds it 8; a string 22 and its characters, rounded up to 8.
    private const int Place = 8, Node = 56, Text = 88, Array = 80, Integer = 120, Reference = 256;

    // An object has its own node, a table, an array and maybe an index; a key counts as a string, which covers its place in the last two.
    private const int Object = 176;

    /// <summary>null, true, false and undefined are one object each.</summary>
    public static ValueCost OfShared { get; } = new(Place, 0);

    /// <summary>A number or a date.</summary>
    public static ValueCost OfNumber { get; } = new(Node, 0);

    /// <summary>The header of an array; its elements count for themselves.</summary>
    public static ValueCost OfArray { get; } = new(Array, 0);

    /// <summary>The header of an object; keys count as strings, and values for themselves.</summary>
    public static ValueCost OfObject { get; } = new(Object, 0);

    public static ValueCost operator +(ValueCost one, ValueCost other) => new(one.Memory + other.Memory, one.DecimalWork + other.DecimalWork);

    /// <summary>A string or a key of so many bytes of UTF-8.</summary>
    public static ValueCost OfText(int bytes) => new(Text + ((long)bytes * sizeof(char)), 0);

    public static ValueCost OfBytes(int bytes) => new(Text + bytes, 0);

    public static ValueCost OfBigInt(int bytes) => new(Integer + bytes, (long)bytes * bytes);

    /// <summary>A reference with a preview of so many characters.</summary>
    public static ValueCost OfReference(int characters) => new(Reference + ((long)characters * sizeof(char)), 0);

    /// <summary>An extension of so many bytes of data.</summary>
    public static ValueCost OfExtension(sbyte type, int bytes) => type switch
    {
        ValueExtension.Undefined => OfShared,
        ValueExtension.BigInt => OfBigInt(bytes),
        ValueExtension.Utf16 => OfBytes(bytes),
        ValueExtension.Reference => OfReference(bytes),
        _ => OfNumber,
    };

    /// <summary>A string in memory.</summary>
    public static long MemoryOf(string text) => Text + ((long)text.Length * sizeof(char));
}
