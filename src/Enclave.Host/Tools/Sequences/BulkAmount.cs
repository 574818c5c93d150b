using System.Globalization;
using System.Numerics;
using Enclave.Protocol;

namespace Enclave.Tools.Sequences;

/// <summary>
/// Measures the amount that an argument asks for: a number's value, a list's length. An unreadable argument counts
/// as everything, because the tool may interpret it in any way.
/// </summary>
internal static class BulkAmount
{
    /// <summary>Above any limit: invalid amounts, as in <c>limit: -1</c> or <c>limit: 'all'</c>, count as everything.</summary>
    public const long Everything = long.MaxValue;

    /// <summary>The amount at a path of member names, joined by dots. A missing value or null counts as zero.</summary>
    /// <param name="args">The arguments as the script gave them.</param>
    /// <param name="path">The names, joined by dots.</param>
    /// <param name="shape">The place in the tool's schema.</param>
    /// <remarks>Names match in any case and arrays are searched, because the binding of arguments accepts
    /// both: every value that it would find is found here.</remarks>
    public static long At(ScriptValue args, string path, BulkShape shape)
    {
        long sum = 0;
        Add(args, path.AsSpan(), shape, ref sum);
        return sum;
    }

    private static void Add(ScriptValue value, ReadOnlySpan<char> path, BulkShape shape, ref long sum)
    {
        if (path.IsEmpty)
        {
            sum = Sum(sum, Of(value, shape));
            return;
        }

        switch (value.Kind)
        {
            // The value of a reference has not been read yet.
            case ScriptValueKind.Reference:
                sum = Everything;
                break;
            case ScriptValueKind.Array:
                foreach (ScriptValue item in value.Items) Add(item, path, shape, ref sum);
                break;
            case ScriptValueKind.Object:
                int dot = path.IndexOf('.');
                ReadOnlySpan<char> name = dot < 0 ? path : path[..dot], rest = dot < 0 ? [] : path[(dot + 1)..];
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    if (name.Equals(key, StringComparison.OrdinalIgnoreCase)) Add(member, rest, shape, ref sum);
                }

                break;
        }
    }

    private static long Of(ScriptValue value, BulkShape shape) => value.Kind switch
    {
        ScriptValueKind.Undefined or ScriptValueKind.Null => 0,
        ScriptValueKind.Array => List(value, shape),
        ScriptValueKind.Object => shape == BulkShape.List ? value.Count : Everything,
        _ => Scalar(value),
    };

    /// <summary>
    /// A list counts with its length. If the tool does not declare a list, a list of one item may be read as that item: <c>Number([9999])</c> is
    /// 9999.
    /// </summary>
    private static long List(ScriptValue list, BulkShape shape)
    {
        if (shape == BulkShape.Number) return Everything;
        if (shape == BulkShape.List || list.Count != 1) return list.Count;
        ScriptValue only = list[0];
        bool isName = only.Kind == ScriptValueKind.String && !IsLikeNumber(only.AsString());
        return isName ? 1 : Math.Max(1, only.Kind is ScriptValueKind.Array or ScriptValueKind.Object ? Everything : Scalar(only));
    }

    private static long Scalar(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Number => Of(value.AsDouble()),
        ScriptValueKind.BigInt => value.AsBigInteger() is { Sign: >= 0 } big && big < Everything ? (long)big : Everything,
        // Numbers in strings are bound as numbers.
        ScriptValueKind.String =>
            double.TryParse(value.AsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? Of(number) : Everything,
        _ => Everything,
    };

    /// <summary>Texts that some language reads as a number: digits in any script or base, a sign, an infinity, or an empty text.</summary>
    private static bool IsLikeNumber(string text) =>
        text.AsSpan().Trim() is var trimmed && (trimmed.IsEmpty || char.IsDigit(trimmed[0]) || trimmed[0] is '+' or '-' or '.' or '∞' || trimmed.Equals(
            "infinity", StringComparison.OrdinalIgnoreCase));

    private static long Of(double number) => number is >= 0 and < long.MaxValue ? (long)Math.Ceiling(number) : Everything;

    private static long Sum(long sum, long more) => more > Everything - sum ? Everything : sum + more;
}
