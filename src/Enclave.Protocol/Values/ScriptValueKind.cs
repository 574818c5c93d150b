// JavaScript's own names; that .NET has types of the same name does not make others better.
#pragma warning disable CA1720

namespace Enclave.Protocol;

/// <summary>What a <see cref="ScriptValue"/> is, in JavaScript's terms.</summary>
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

    /// <summary>Text of UTF-16 code units, which may hold lone surrogates.</summary>
    String,

    /// <summary>Binary data: an <c>ArrayBuffer</c> or a <c>Uint8Array</c>.</summary>
    Bytes,

    /// <summary>An instant, to the millisecond.</summary>
    Date,

    /// <summary>An ordered list of values.</summary>
    Array,

    /// <summary>Properties with string keys, in order.</summary>
    Object,

    /// <summary>A large value that stayed in the host (docs/sidecar.md): <see cref="ScriptValue.AsReference"/>.</summary>
    Reference,
}
