using System.Globalization;
using System.Numerics;
using Enclave.Protocol;

namespace Enclave.Schemas.Checks;

/// <summary>The relation of a number to a schema's number.</summary>
internal enum SchemaRelation
{
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    MultipleOf,
}

/// <summary>A schema's constraint of numbers. Numbers count as the decimal digits that JSON has of them, not as their doubles.</summary>
internal sealed class SchemaBound
{
    private const int MaxCharacters = 100, MaxExponent = 400;

    private readonly SchemaRelation _relation;
    private readonly string _text;
    private readonly double _nearest;
    private readonly BigInteger _digits;
    private readonly int _exponent;

    private SchemaBound(SchemaRelation relation, string text, BigInteger digits, int exponent)
    {
        (_relation, _text, _digits, _exponent) = (relation, text, digits, exponent);
        _nearest = double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Null if the text is not a number that can be compared with, or no number is a multiple of it.</summary>
    public static SchemaBound? Of(SchemaRelation relation, string text) =>
        text.Length <= MaxCharacters && TryParts(text, out BigInteger digits, out int exponent) && (relation != SchemaRelation.MultipleOf || digits > 0)
            ? new SchemaBound(relation, text, digits, exponent)
            : null;

    /// <summary>The constraint in words.</summary>
    public string Expected => _relation switch
    {
        SchemaRelation.AtLeast => $"at least {_text}",
        SchemaRelation.AtMost => $"at most {_text}",
        SchemaRelation.MoreThan => $"more than {_text}",
        SchemaRelation.LessThan => $"less than {_text}",
        _ => $"a multiple of {_text}",
    };

    /// <summary>True if the number fits. It is finite.</summary>
    public bool Fits(ScriptValue number)
    {
        if (_relation == SchemaRelation.MultipleOf) return IsMultiple(number);
        int sign = Compare(number);
        return _relation switch
        {
            SchemaRelation.AtLeast => sign >= 0,
            SchemaRelation.AtMost => sign <= 0,
            SchemaRelation.MoreThan => sign > 0,
            _ => sign < 0,
        };
    }

    private int Compare(ScriptValue number)
    {
        if (number.Kind == ScriptValueKind.Number && number.AsDouble() != _nearest) return number.AsDouble().CompareTo(_nearest);
        Parts(number, out BigInteger digits, out int exponent);
        (BigInteger one, BigInteger other) = Aligned(digits, exponent);
        return one.CompareTo(other);
    }

    private bool IsMultiple(ScriptValue number)
    {
        Parts(number, out BigInteger digits, out int exponent);
        (BigInteger one, BigInteger other) = Aligned(digits, exponent);
        return (one % other).IsZero;
    }

    // Exponents of both are between -400 and 400.
    private (BigInteger Number, BigInteger Bound) Aligned(BigInteger digits, int exponent) => exponent >= _exponent
        ? (digits * BigInteger.Pow(10, exponent - _exponent), _digits)
        : (digits, _digits * BigInteger.Pow(10, _exponent - exponent));

    private static void Parts(ScriptValue number, out BigInteger digits, out int exponent)
    {
        exponent = 0;
        if (number.Kind == ScriptValueKind.BigInt) digits = number.AsBigInteger();
        else if (Math.Abs(number.AsDouble()) < 1e15 && double.IsInteger(number.AsDouble())) digits = (long)number.AsDouble();
        else TryParts(number.AsDouble().ToString("R", CultureInfo.InvariantCulture), out digits, out exponent);
    }

    private static bool TryParts(string text, out BigInteger digits, out int exponent)
    {
        (digits, exponent) = (0, 0);
        int e = text.IndexOfAny(['e', 'E']), point = text.IndexOf('.', StringComparison.Ordinal);
        string mantissa = e < 0 ? text : text[..e];
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        return Math.Abs(exponent) <= MaxExponent
            && BigInteger.TryParse(
                mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out digits);
    }
}

/// <summary>The least and the largest number of something.</summary>
internal sealed record CountBound(int? Least, int? Most)
{
    public bool Fits(int count) => count >= (Least ?? 0) && count <= (Most ?? int.MaxValue);

    public string Expected(int count) => count < (Least ?? 0) ? $"at least {Least}" : $"at most {Most}";
}
