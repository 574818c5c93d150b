using System.Collections;
using System.Diagnostics.CodeAnalysis;
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

    // A program that is compiled ahead of time has code for values of all reference types, and for these value types.
    private static Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>> PairsOfValues(Type value)
    {
        if (value == typeof(bool)) return Pairs<bool>;
        if (value == typeof(int)) return Pairs<int>;
        if (value == typeof(long)) return Pairs<long>;
        if (value == typeof(double)) return Pairs<double>;
        if (value == typeof(decimal)) return Pairs<decimal>;
        if (value.IsValueType && !RuntimeFeature.IsDynamicCodeSupported) return (map) => throw new NotSupportedException(
            $"a {map.GetType().Name} is not read in a program that is compiled ahead: copy it to a Dictionary<string, {value.Name}>");
        return PairsOfAny(value);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Pairs<T> demands nothing of T.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "For reference types, whose code is shared; for value types only where code can be made.")]
    private static Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>> PairsOfAny(Type value) =>
        s_open.MakeGenericMethod(value).CreateDelegate<Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>>>();

    /// <summary>How to read one type of sequences.</summary>
    private sealed class Reading
    {
        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification =
            "An interface that a program never uses may be missing. The dictionary is a sequence of pairs then, which have no contract, and is refused.")]
        public Reading(Type type)
        {
            foreach (Type face in type.GetInterfaces())
            {
                if (!face.IsGenericType || face.GenericTypeArguments is not [var key, var value] || key != typeof(string)) continue;
                Type definition = face.GetGenericTypeDefinition();
                if (definition != typeof(IDictionary<,>) && definition != typeof(IReadOnlyDictionary<,>)) continue;
                Pairs = PairsOfValues(value);
                return;
            }
        }

        /// <summary>Null if the type is not a dictionary with string keys.</summary>
        public Func<IEnumerable, IEnumerable<KeyValuePair<string, object?>>>? Pairs { get; }
    }
}
