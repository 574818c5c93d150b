// JavaScript's own names, although .NET has types with the same names.
#pragma warning disable CA1720

namespace Enclave.Protocol;

/// <summary>The kinds of a <see cref="ScriptValue"/>, by their JavaScript names.</summary>
public enum ScriptValueKind
{
    /// <summary><c>undefined</c>.</summary>
    Undefined,

    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A JavaScript number: a float64, including -0, NaN and the infinities.</summary>
    Number,

    /// <summary>An integer of any size.</summary>
    BigInt,

    /// <summary>Text of UTF-16 code units, which may contain lone surrogates.</summary>
    String,

    /// <summary>Binary data: an <c>ArrayBuffer</c> or a <c>Uint8Array</c>.</summary>
    Bytes,

    /// <summary>An instant, to the millisecond.</summary>
    Date,

    /// <summary>An ordered list of values.</summary>
    Array,

    /// <summary>Properties with string keys, in order.</summary>
    Object,

    /// <summary>A reference to a large value that is kept in the host (docs/sidecar.md): <see cref="ScriptValue.AsReference"/>.</summary>
    Reference,
}
