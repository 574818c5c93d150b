using System.Collections;
using System.Reflection;

namespace Enclave.Protocol.Values;

/// <summary>Dictionaries with string keys that show it in their generic interfaces only.</summary>
internal static class StringKeyed
{
    /// <summary>The pairs of a dictionary with string keys, or <c>null</c> if it is none.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? PairsOf(IEnumerable candidate)
    {
        foreach (Type type in candidate.GetType().GetInterfaces())
        {
            if (!type.IsGenericType || type.GenericTypeArguments is not [var key, var value] || key != typeof(string)) continue;
            Type definition = type.GetGenericTypeDefinition();
            if (definition == typeof(IDictionary<,>) || definition == typeof(IReadOnlyDictionary<,>)) return Pairs(candidate, value);
        }

        return null;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Pairs(IEnumerable map, Type value)
    {
        Type pair = typeof(KeyValuePair<,>).MakeGenericType(typeof(string), value);
        PropertyInfo key = pair.GetProperty("Key")!;
        PropertyInfo content = pair.GetProperty("Value")!;
        foreach (object entry in map) yield return new((string)key.GetValue(entry)!, content.GetValue(entry));
    }
}
