using System.Numerics;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Schemas.Checks;

/// <summary>Equality of JSON: by the value of a number, in any order of members. Dates and bytes are the texts that they become.</summary>
internal sealed class ValueEquality(WorkMeter? meter) : IEqualityComparer<ScriptValue>
{
    /// <summary>Without a bound of the work, for values of schemas.</summary>
    public static ValueEquality Free { get; } = new(null);

    // Recursion is as deep as the value.
    public bool Equals(ScriptValue? one, ScriptValue? other)
    {
        if (ReferenceEquals(one, other)) return true;
        if (one is null || other is null) return false;
        meter?.Step();
        SchemaType kind = SchemaTypes.Of(one);
        if (kind != SchemaTypes.Of(other)) return false;
        return kind switch
        {
            SchemaType.Null => true,
            SchemaType.Boolean => one.AsBoolean() == other.AsBoolean(),
            SchemaType.Integer or SchemaType.Number => SameNumber(one, other),
            SchemaType.String => SchemaTypes.Text(one) == SchemaTypes.Text(other),
            SchemaType.Array => SameItems(one, other),
            SchemaType.Object => SameMembers(one, other),
            _ => one.Equals(other),
        };
    }

    public int GetHashCode(ScriptValue value)
    {
        meter?.Step();
        switch (SchemaTypes.Of(value))
        {
            case SchemaType.Boolean: return value.AsBoolean() ? 1 : 2;
            case SchemaType.Integer or SchemaType.Number: return NumberHash(value);
            case SchemaType.String: return SchemaTypes.Text(value).GetHashCode(StringComparison.Ordinal);
            case SchemaType.Array:
                var hash = new HashCode();
                foreach (ScriptValue item in value.Items) hash.Add(GetHashCode(item));
                return hash.ToHashCode();
            case SchemaType.Object:
                int sum = 7;
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    if (member.Kind != ScriptValueKind.Undefined) sum += HashCode.Combine(key, GetHashCode(member));
                }

                return sum;
            default: return 0;
        }
    }

    // Equal for equal numbers. The hash of a double itself is no secret: a script could choose numbers that collide.
    private static int NumberHash(ScriptValue number)
    {
        double nearest = number.Kind == ScriptValueKind.BigInt ? (double)number.AsBigInteger() : number.AsDouble() + 0.0;
        if (number.Kind == ScriptValueKind.BigInt && (double.IsInfinity(nearest) || new BigInteger(nearest) != number.AsBigInteger()))
            return number.AsBigInteger().GetHashCode();
        long bits = BitConverter.DoubleToInt64Bits(nearest);
        return HashCode.Combine((int)bits, (int)(bits >> 32));
    }

    private static bool SameNumber(ScriptValue one, ScriptValue other)
    {
        if (one.Kind == ScriptValueKind.Number && other.Kind == ScriptValueKind.Number) return one.AsDouble() == other.AsDouble();
        return Integer(one) is { } first && Integer(other) is { } second && first == second;
    }

    private static BigInteger? Integer(ScriptValue number) =>
        number.Kind == ScriptValueKind.BigInt || double.IsInteger(number.AsDouble()) ? number.AsBigInteger() : null;

    private bool SameItems(ScriptValue one, ScriptValue other)
    {
        if (one.Count != other.Count) return false;
        for (int i = 0; i < one.Count; i++)
        {
            if (!Equals(one[i], other[i])) return false;
        }

        return true;
    }

    private bool SameMembers(ScriptValue one, ScriptValue other)
    {
        int count = 0;
        foreach ((string key, ScriptValue member) in one.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            count++;
            ScriptValue same = other[key];
            if (same.Kind == ScriptValueKind.Undefined || !Equals(member, same)) return false;
        }

        return count == SchemaTypes.Members(other);
    }
}
