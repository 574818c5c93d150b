using System.Globalization;
using System.Numerics;
using Enclave.Protocol;

namespace Enclave.Tools.Sequences;

/// <summary>How much an argument asks for: a number's value, an array's length.</summary>
internal static class BulkAmount
{
    /// <summary>More than any limit: what is no amount at all, as in <c>limit: -1</c>, counts as everything.</summary>
    public const long Everything = long.MaxValue;

    /// <summary>The amount at a path of member names, joined by dots. What is not there asks for nothing.</summary>
    /// <remarks>Names count in any case and arrays are looked through, since the binding of arguments takes both: what it would find is found here.</remarks>
    public static long At(ScriptValue args, string path)
    {
        long sum = 0;
        Add(args, path.AsSpan(), ref sum);
        return sum;
    }

    private static void Add(ScriptValue value, ReadOnlySpan<char> path, ref long sum)
    {
        if (path.IsEmpty)
        {
            long amount = Of(value);
            sum = amount > Everything - sum ? Everything : sum + amount;
            return;
        }

        switch (value.Kind)
        {
            // What lies behind it nobody has looked at yet.
            case ScriptValueKind.Reference:
                sum = Everything;
                break;
            case ScriptValueKind.Array:
                foreach (ScriptValue item in value.Items) Add(item, path, ref sum);
                break;
            case ScriptValueKind.Object:
                int dot = path.IndexOf('.');
                ReadOnlySpan<char> name = dot < 0 ? path : path[..dot], rest = dot < 0 ? [] : path[(dot + 1)..];
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    if (name.Equals(key, StringComparison.OrdinalIgnoreCase)) Add(member, rest, ref sum);
                }

                break;
        }
    }

    private static long Of(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Number => Of(value.AsDouble()),
        ScriptValueKind.BigInt => value.AsBigInteger() is { Sign: >= 0 } big && big < Everything ? (long)big : Everything,
        ScriptValueKind.Array or ScriptValueKind.Object => value.Count,
        // Numbers in strings are bound as numbers.
        ScriptValueKind.String => double.TryParse(value.AsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? Of(number) : 0,
        ScriptValueKind.Reference => Everything,
        _ => 0,
    };

    private static long Of(double number) => number is >= 0 and < long.MaxValue ? (long)Math.Ceiling(number) : Everything;
}
