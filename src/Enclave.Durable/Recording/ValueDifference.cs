using Enclave.Protocol;

namespace Enclave.Recording;

/// <summary>Finds the first difference between two values.</summary>
internal static class ValueDifference
{
    private const int MaxPath = 200;

    /// <summary>
    /// The path, as in <c>$.a[3]</c>, and the text of the parts there, shortened; null if this comparison finds no difference. A missing part is undefined.
    /// </summary>
    public static (string Path, string One, string Other)? Of(ScriptValue one, ScriptValue other)
    {
        if (Find(one, other, "$") is not { } found) return null;
        string path = found.Path.Length <= MaxPath ? found.Path : found.Path[..MaxPath] + "…";
        return (path, Cut(found.One.ToString()), Cut(found.Other.ToString()));
    }

    private static string Cut(string text) => text.Length <= MaxPath ? text : text[..MaxPath] + "…";

    private static (string Path, ScriptValue One, ScriptValue Other)? Find(ScriptValue one, ScriptValue other, string path)
    {
        if (one.Kind != other.Kind) return (path, one, other);
        switch (one.Kind)
        {
            case ScriptValueKind.Array:
                int common = Math.Min(one.Items.Length, other.Items.Length);
                for (int i = 0; i < common; i++)
                {
                    if (Find(one.Items[i], other.Items[i], $"{path}[{i}]") is { } deeper) return deeper;
                }

                return one.Items.Length == other.Items.Length ? null : ($"{path}[{common}]", Item(one, common), Item(other, common));
            case ScriptValueKind.Object:
                foreach (KeyValuePair<string, ScriptValue> property in one.Properties)
                {
                    if (!other.TryGetProperty(property.Key, out ScriptValue value)) return (Member(path, property.Key), property.Value, ScriptValue.Undefined);
                    if (Find(property.Value, value, Member(path, property.Key)) is { } deeper) return deeper;
                }

                return other.Properties.FirstOrDefault((property) => !one.TryGetProperty(property.Key, out _)) is { Key: { } added, Value: var more }
                    ? (Member(path, added), ScriptValue.Undefined, more) : null;
            default:
                return one.Equals(other) ? null : (path, one, other);
        }
    }

    private static ScriptValue Item(ScriptValue list, int index) => index < list.Items.Length ? list.Items[index] : ScriptValue.Undefined;

    /// <summary>Limited to the length that is shown: a long name would be copied for every element below it.</summary>
    private static string Member(string path, string name) => path.Length > MaxPath ? path : $"{path}.{(name.Length > MaxPath ? name[..(MaxPath + 1)] : name)}";
}
