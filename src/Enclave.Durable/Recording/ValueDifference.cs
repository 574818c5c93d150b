using Enclave.Protocol;

namespace Enclave.Recording;

/// <summary>Finds the first difference between two values.</summary>
internal static class ValueDifference
{
    private const int MaxPath = 200;

    /// <summary>The path, as in <c>$.a[3]</c>; null if this comparison finds no difference.</summary>
    public static string? PathOf(ScriptValue one, ScriptValue other) =>
        Find(one, other, "$") is { } path ? path.Length <= MaxPath ? path : path[..MaxPath] + "…" : null;

    private static string? Find(ScriptValue one, ScriptValue other, string path)
    {
        if (one.Kind != other.Kind) return path;
        switch (one.Kind)
        {
            case ScriptValueKind.Array:
                for (int i = 0; i < Math.Min(one.Items.Length, other.Items.Length); i++)
                {
                    if (Find(one.Items[i], other.Items[i], $"{path}[{i}]") is { } deeper) return deeper;
                }

                return one.Items.Length == other.Items.Length ? null : $"{path}[{Math.Min(one.Items.Length, other.Items.Length)}]";
            case ScriptValueKind.Object:
                foreach (KeyValuePair<string, ScriptValue> property in one.Properties)
                {
                    if (!other.TryGetProperty(property.Key, out ScriptValue value)) return Member(path, property.Key);
                    if (Find(property.Value, value, Member(path, property.Key)) is { } deeper) return deeper;
                }

                return other.Properties.FirstOrDefault((property) => !one.TryGetProperty(property.Key, out _)).Key is { } added ? Member(path, added) : null;
            default:
                return one.Equals(other) ? null : path;
        }
    }

    /// <summary>Limited to the length that is shown: a long name would be copied for every element below it.</summary>
    private static string Member(string path, string name) => path.Length > MaxPath ? path : $"{path}.{(name.Length > MaxPath ? name[..(MaxPath + 1)] : name)}";
}
