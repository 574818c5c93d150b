namespace Enclave.Protocol;

/// <summary>The MessagePack extension types of values, in addition to the specification's timestamp.</summary>
internal static class ValueExtension
{
    /// <summary><c>undefined</c>: no data.</summary>
    public const sbyte Undefined = 1;

    /// <summary>BigInt: a sign byte (1 = negative), then the magnitude, little endian, without trailing zero bytes.</summary>
    public const sbyte BigInt = 2;

    /// <summary>A string that is not well-formed, as UTF-16 code units, little endian.</summary>
    public const sbyte Utf16 = 3;

    /// <summary>A value that is kept in the host: its id of 16 bytes, and on the way to a script size, kind and preview.</summary>
    public const sbyte Reference = 4;
}
