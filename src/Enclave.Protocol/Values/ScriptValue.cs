using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Enclave.Protocol.Values;

namespace Enclave.Protocol;

/// <summary>A value that goes to or comes from a script: only data, immutable, and the same on both sides of the process boundary.</summary>
/// <remarks>
/// A value contains no functions, host objects or prototypes. It never contains the keys <c>__proto__</c>, <c>constructor</c> and <c>prototype</c>. Reading
/// it as the wrong kind throws an <see cref="InvalidOperationException"/> that names both kinds.
/// </remarks>
[JsonConverter(typeof(ScriptValueJsonConverter))]
public sealed partial class ScriptValue
{
    private readonly double _number;
    private readonly object? _data;
    // One byte: it makes an object of 40 bytes in place of 48, and a result may have a million of them.
    private readonly byte _kind;

    private ScriptValue(ScriptValueKind kind, double number = 0, object? data = null, int depth = 0, bool hasReference = false)
    {
        _kind = (byte)kind;
        _number = number;
        _data = data;
        Depth = depth;
        HasReference = hasReference;
    }

    /// <summary>JavaScript's <c>undefined</c>.</summary>
    public static ScriptValue Undefined { get; } = new(ScriptValueKind.Undefined);

    /// <summary>JavaScript's <c>null</c>.</summary>
    public static ScriptValue Null { get; } = new(ScriptValueKind.Null);

    /// <summary>JavaScript's <c>true</c>.</summary>
    public static ScriptValue True { get; } = new(ScriptValueKind.Boolean, 1);

    /// <summary>JavaScript's <c>false</c>.</summary>
    public static ScriptValue False { get; } = new(ScriptValueKind.Boolean);

    /// <summary>The kind of this value.</summary>
    public ScriptValueKind Kind => (ScriptValueKind)_kind;

    /// <summary>True for <c>undefined</c> and <c>null</c>.</summary>
    public bool IsNullOrUndefined => Kind is ScriptValueKind.Undefined or ScriptValueKind.Null;

    /// <summary>Levels of nested arrays and objects: 0 for a scalar, 1 for an empty array.</summary>
    public int Depth { get; }

    /// <summary>True if this is a reference or contains one.</summary>
    public bool HasReference { get; }

    /// <summary>The number of elements of an array, of properties of an object, or of bytes.</summary>
    /// <exception cref="InvalidOperationException">It is none of these.</exception>
    public int Count => Kind switch
    {
        ScriptValueKind.Array => ((ScriptValue[])_data!).Length,
        ScriptValueKind.Object => ((PropertyTable)_data!).Count,
        ScriptValueKind.Bytes => ((byte[])_data!).Length,
        _ => throw WrongKind("Array, Object or Bytes"),
    };

    /// <summary>The elements of an array.</summary>
    /// <exception cref="InvalidOperationException">It is not an array.</exception>
    public ImmutableArray<ScriptValue> Items => ImmutableCollectionsMarshal.AsImmutableArray((ScriptValue[])Data(ScriptValueKind.Array));

    /// <summary>The properties of an object, in order.</summary>
    /// <exception cref="InvalidOperationException">It is not an object.</exception>
    public ImmutableArray<KeyValuePair<string, ScriptValue>> Properties => ((PropertyTable)Data(ScriptValueKind.Object)).Entries;

    /// <summary>An element of an array; <see cref="Undefined"/> for an index outside of it, as in JavaScript.</summary>
    /// <exception cref="InvalidOperationException">It is not an array.</exception>
    public ScriptValue this[int index]
    {
        get
        {
            var items = (ScriptValue[])Data(ScriptValueKind.Array);
            return (uint)index < (uint)items.Length ? items[index] : Undefined;
        }
    }

    /// <summary>A property of an object; <see cref="Undefined"/> if there is none, as in JavaScript.</summary>
    /// <exception cref="InvalidOperationException">It is not an object.</exception>
    public ScriptValue this[string key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return ((PropertyTable)Data(ScriptValueKind.Object)).Find(key) ?? Undefined;
        }
    }

    /// <summary>Converts a .NET object to a value, by copying.</summary>
    /// <param name="value">
    /// <c>null</c>, a <see cref="ScriptValue"/>, a boolean, any number, text, a <see cref="Guid"/>, an enum (by its name), bytes, a date (UTC if it has no
    /// zone), JSON, a dictionary with string keys, a sequence of such objects, or any other object, which is converted by <c>System.Text.Json</c> with its
    /// web defaults. Integers beyond 2^53 - 1 in both directions become <see cref="ScriptValueKind.BigInt"/>; a decimal becomes the nearest float64.
    /// </param>
    /// <exception cref="ArgumentException">
    /// It contains a delegate, a type, a stream or something else that is not data, a cycle, or
    /// nesting above 100. The message names the path, as <c>$.a[3]</c>.
    /// </exception>
    public static ScriptValue From(object? value) => ScalarConversion.Convert(value) ?? new ObjectConversion().Convert(value);

    /// <summary>Looks up a property.</summary>
    /// <returns>True if it exists; otherwise <paramref name="value"/> is <see cref="Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">It is not an object.</exception>
    public bool TryGetProperty(string key, out ScriptValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ScriptValue? found = ((PropertyTable)Data(ScriptValueKind.Object)).Find(key);
        value = found ?? Undefined;
        return found is not null;
    }

    internal static ScriptValue OfBoolean(bool value) => value ? True : False;

    /// <summary>Returns a number.</summary>
    public static ScriptValue OfNumber(double value) => new(ScriptValueKind.Number, value);

    /// <summary>A Number if a float64 is exact, otherwise a BigInt.</summary>
    internal static ScriptValue OfInteger(long value) =>
        value is >= -ProtocolLimits.MaxSafeInteger and <= ProtocolLimits.MaxSafeInteger ? OfNumber(value) : OfBigInt(value);

    internal static ScriptValue OfBigInt(BigInteger value) => new(ScriptValueKind.BigInt, data: value);

    /// <summary>Returns a string.</summary>
    public static ScriptValue OfString(string value) => new(ScriptValueKind.String, data: value);

    /// <summary>Takes over the array, which must not be changed afterwards.</summary>
    public static ScriptValue OfBytes(byte[] owned) => new(ScriptValueKind.Bytes, data: owned);

    /// <summary>A date. Range: <see cref="ProtocolLimits.MaxDateMilliseconds"/> in both directions.</summary>
    internal static ScriptValue OfDate(long milliseconds) => new(ScriptValueKind.Date, milliseconds);

    /// <summary>Takes over the array, which must not be changed afterwards.</summary>
    public static ScriptValue OfArray(ScriptValue[] owned)
    {
        int deepest = 0;
        bool hasReference = false;
        foreach (ScriptValue item in owned)
        {
            deepest = Math.Max(deepest, item.Depth);
            hasReference |= item.HasReference;
        }

        return new(ScriptValueKind.Array, data: owned, depth: deepest + 1, hasReference: hasReference);
    }

    /// <summary>Returns an object with these properties.</summary>
    public static ScriptValue OfObject(PropertyTable properties)
    {
        int deepest = 0;
        bool hasReference = false;
        foreach (KeyValuePair<string, ScriptValue> property in properties.Entries)
        {
            deepest = Math.Max(deepest, property.Value.Depth);
            hasReference |= property.Value.HasReference;
        }

        return new(ScriptValueKind.Object, data: properties, depth: deepest + 1, hasReference: hasReference);
    }

    /// <summary>Returns a reference to a value outside.</summary>
    public static ScriptValue OfReference(ScriptReference reference) => new(ScriptValueKind.Reference, data: reference, hasReference: true);

    private object Data(ScriptValueKind kind) => Kind == kind ? _data! : throw WrongKind(kind.ToString());

    private InvalidOperationException WrongKind(string wanted) => new($"The value is {Kind}, not {wanted}.");
}
