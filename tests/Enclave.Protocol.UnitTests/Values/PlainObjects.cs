using System.Collections.Immutable;

namespace Enclave.Protocol.Tests.Values;

/// <summary>Values as an application holds them: every known type in each kind of container.</summary>
internal static class PlainObjects
{
    public static object? Of(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Array => Sequence([.. value.Items.Select(Of)]),
        ScriptValueKind.Object => Map(value.Properties.ToDictionary((property) => property.Key, (property) => Of(property.Value))),
        ScriptValueKind.Number when value.AsDouble() is var number && number == (int)number && !double.IsNegative(number) => (int)number,
        ScriptValueKind.Undefined => value,
        _ => value.ToObject(),
    };

    private static object Sequence(object?[] items) => (items.Length % 5) switch
    {
        0 => items,
        1 => items.ToList(),
        2 => items.ToImmutableArray(),
        3 when Array.TrueForAll(items, (item) => item is Dictionary<string, object?>) => items.Cast<Dictionary<string, object?>>().ToList(),
        _ => new Queue<object?>(items),
    };

    private static object Map(Dictionary<string, object?> map) => (map.Count % 4) switch
    {
        0 => map.ToImmutableDictionary(),
        1 => new SortedDictionary<string, object?>(map, StringComparer.Ordinal),
        _ => map,
    };
}
