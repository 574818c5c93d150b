using System.Numerics;
using Enclave.Protocol.Values;

namespace Enclave.Protocol;

/// <remarks>Equality is by structure. Objects are equal in any order of their properties; NaN equals
/// NaN, and 0 equals -0; a Number never equals a BigInt.</remarks>
public sealed partial class ScriptValue : IEquatable<ScriptValue>
{
    /// <inheritdoc/>
    public bool Equals(ScriptValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other.Kind != Kind || other.Depth != Depth) return false;
        return Kind switch
        {
            ScriptValueKind.String => (string)_data! == (string)other._data!,
            ScriptValueKind.BigInt => (BigInteger)_data! == (BigInteger)other._data!,
            ScriptValueKind.Bytes => ((byte[])_data!).AsSpan().SequenceEqual((byte[])other._data!),
            ScriptValueKind.Array => ((ScriptValue[])_data!).AsSpan().SequenceEqual((ScriptValue[])other._data!),
            ScriptValueKind.Object => SameProperties((PropertyTable)_data!, (PropertyTable)other._data!),
            ScriptValueKind.Reference => ((ScriptReference)_data!).Equals((ScriptReference)other._data!),
            _ => _number.Equals(other._number),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScriptValue);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        switch (Kind)
        {
            case ScriptValueKind.String:
            case ScriptValueKind.BigInt:
            case ScriptValueKind.Reference:
                hash.Add(_data);
                break;
            case ScriptValueKind.Bytes:
                hash.AddBytes((byte[])_data!);
                break;
            case ScriptValueKind.Array:
                foreach (ScriptValue item in (ScriptValue[])_data!) hash.Add(item);
                break;
            case ScriptValueKind.Object:
                // A sum, because equal objects may have their properties in different orders.
                int sum = 0;
                foreach (KeyValuePair<string, ScriptValue> property in Properties) sum += HashCode.Combine(property.Key, property.Value);
                hash.Add(sum);
                break;
            default:
                hash.Add(_number);
                break;
        }

        return hash.ToHashCode();
    }

    private static bool SameProperties(PropertyTable one, PropertyTable other)
    {
        if (one.Count != other.Count) return false;
        foreach (KeyValuePair<string, ScriptValue> property in one.Entries)
        {
            if (other.Find(property.Key) is not { } value || !property.Value.Equals(value)) return false;
        }

        return true;
    }
}
