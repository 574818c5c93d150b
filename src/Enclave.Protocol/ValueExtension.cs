namespace Enclave.Protocol;

/// <summary>The MessagePack extension types of values, next to the specification's own timestamp.</summary>
internal static class ValueExtension
{
    /// <summary><c>undefined</c>: no data.</summary>
    public const sbyte Undefined = 1;

    /// <summary>BigInt: a sign byte (1 = negative), then the magnitude, little endian, without zero bytes at its end.</summary>
    public const sbyte BigInt = 2;

    /// <summary>A string that is not well-formed, as UTF-16 code units, little endian.</summary>
    public const sbyte Utf16 = 3;

    /// <summary>A value that stayed in the host: its id of 16 bytes, and on the way to a script size, kind and preview.</summary>
    public const sbyte Reference = 4;
}
