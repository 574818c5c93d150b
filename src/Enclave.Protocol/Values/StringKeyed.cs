using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Enclave.Protocol.Values;

/// <summary>Reads dictionaries whose string keys are visible only in their generic interfaces.</summary>
internal static class StringKeyed
{
    private static readonly MethodInfo s_open = typeof(StringKeyed).GetMethod(nameof(Pairs), BindingFlags.NonPublic | BindingFlags.Static)!;

    // Cached by type, because searching a type's interfaces is slow. Weak, so that types can be unloaded.
    private static readonly ConditionalWeakTable<Type, Reading> s_known = new();

    /// <summary>The pairs of a dictionary with string keys; null if it is not one.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? PairsOf(IEnumerable candidate) =>
        s_known.GetValue(candidate.GetType(), static (type) => new(type)).Pairs?.Invoke(candidate);

    private static IEnumerable<KeyValuePair<string, object?>> Pairs<T>(IEnumerable map)
    {
        foreach (KeyValuePair<string, T> pair in (IEnumerable<KeyValuePair<string, T>>)map) yield return new(pair.Key, pair.Value);
    }

    /// <summary>How to read one type of sequences.</summary>
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

        /// <summary>Null if the type is not a dictionary with string keys.</summary>
        public Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>>? Pairs { get; }
    }
}
