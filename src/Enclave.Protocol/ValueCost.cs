namespace Enclave.Protocol;

/// <summary>The cost of reading an encoded value, estimated before it is read.</summary>
/// <param name="Memory">Bytes of memory of the read value, rounded up.</param>
/// <param name="DecimalWork">
/// The work of writing its BigInts in decimal: the sum of the squares of their lengths in bytes, because the time grows faster than the length.
/// </param>
public readonly record struct ValueCost(long Memory, long DecimalWork)
{
    /// <summary>Limit of the BigInts of one value: sixteen of the longest, or more short ones of the same total cost.</summary>
    public const long MaxDecimalWork = 16L * ProtocolLimits.MaxBigIntBytes * ProtocolLimits.MaxBigIntBytes;

    // A ScriptValue takes 48 bytes, and its reference in a container 8; a string 22 and its characters, rounded up to 8.
    private const int Place = 8, Node = 56, Text = 88, Array = 80, Integer = 120, Reference = 256;

    // An object has its own node, a table, an array and possibly an index. A key counts as a string, which covers its entries in array and index.
    private const int Object = 176;

    /// <summary>null, true, false and undefined are shared objects.</summary>
    public static ValueCost OfShared => new(Place, 0);

    /// <summary>A number or a date.</summary>
    public static ValueCost OfNumber => new(Node, 0);

    /// <summary>The header of an array. Elements are counted separately.</summary>
    public static ValueCost OfArray => new(Array, 0);

    /// <summary>The header of an object. Keys are counted as strings, and values separately.</summary>
    public static ValueCost OfObject => new(Object, 0);

    /// <summary>Adds two costs.</summary>
    public static ValueCost operator +(ValueCost one, ValueCost other) => new(one.Memory + other.Memory, one.DecimalWork + other.DecimalWork);

    /// <summary>A string or a key of this many bytes of UTF-8.</summary>
    public static ValueCost OfText(int bytes) => new(Text + ((long)bytes * sizeof(char)), 0);

    internal static ValueCost OfBytes(int bytes) => new(Text + bytes, 0);

    internal static ValueCost OfBigInt(int bytes) => new(Integer + bytes, (long)bytes * bytes);

    /// <summary>A reference with a preview of this many characters.</summary>
    public static ValueCost OfReference(int characters) => new(Reference + ((long)characters * sizeof(char)), 0);

    /// <summary>An extension of this many bytes of data.</summary>
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
