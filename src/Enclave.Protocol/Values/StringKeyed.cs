using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Enclave.Protocol.Values;

/// <summary>Dictionaries with string keys that show it in their generic interfaces only.</summary>
internal static class StringKeyed
{
    private static readonly MethodInfo s_open = typeof(StringKeyed).GetMethod(nameof(Pairs), BindingFlags.NonPublic | BindingFlags.Static)!;

    // By type, since a type's interfaces are a search each time. It keeps no type alive.
    private static readonly ConditionalWeakTable<Type, Reading> s_known = new();

    /// <summary>The pairs of a dictionary with string keys, or <c>null</c> if it is none.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? PairsOf(IEnumerable candidate) => s_known.GetValue(candidate.GetType(), static (type) => new(type)).Pairs?.Invoke(candidate);

    private static IEnumerable<KeyValuePair<string, object?>> Pairs<T>(IEnumerable map)
    {
        foreach (KeyValuePair<string, T> pair in (IEnumerable<KeyValuePair<string, T>>)map) yield return new(pair.Key, pair.Value);
    }

    /// <summary>How one type of sequences is read.</summary>
    private sealed class Reading
    {
        public Reading(Type type)
        {
            foreach (Type face in type.GetInterfaces())
            {
                if (!face.IsGenericType || face.GenericTypeArguments is not [var key, var value] || key != typeof(string)) continue;
                Type definition = face.GetGenericTypeDefinition();
                if (definition != typeof(IDictionary<,>) && definition != typeof(IReadOnlyDictionary<,>)) continue;
                Pairs = s_open.MakeGenericMethod(value).CreateDelegate<Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>>>();
                return;
            }
        }

        /// <summary>Null for what is no dictionary with string keys.</summary>
        public Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>>? Pairs { get; }
    }
}
