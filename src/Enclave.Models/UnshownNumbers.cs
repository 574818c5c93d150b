using Enclave.Protocol;

namespace Enclave.Models;

/// <summary>Finds numbers that JSON does not have: an answer shows them as null.</summary>
internal static class UnshownNumbers
{
    private const int MaxValues = 10_000, MaxPath = 60;

    /// <summary>A sentence about the first one; null if there is none among the first 10,000 values.</summary>
    public static string? In(ScriptValue value)
    {
        int left = MaxValues;
        if (Find(value, ref left) is not { } found) return null;
        string place = found.Path.Length == 0 ? "The value" : $"The value at ${(found.Path.Length > MaxPath ? found.Path[..MaxPath] + "…" : found.Path)}";
        return found.IsNaN
            ? $"{place} is NaN, which JSON shows as null: a member of the sum is missing, or a text is no number. Look at the parts with console.log."
            : $"{place} is infinite, which JSON shows as null: check for a division by 0, or for Math.max of an empty list.";
    }

    private static (string Path, bool IsNaN)? Find(ScriptValue value, ref int left)
    {
        if (--left < 0) return null;
        switch (value.Kind)
        {
            case ScriptValueKind.Number when !double.IsFinite(value.AsDouble()):
                return ("", double.IsNaN(value.AsDouble()));
            case ScriptValueKind.Array:
                for (int i = 0; i < value.Items.Length; i++)
                {
                    if (Find(value.Items[i], ref left) is var (path, isNaN)) return ($"[{i}]{path}", isNaN);
                }

                return null;
            case ScriptValueKind.Object:
                foreach ((string name, ScriptValue member) in value.Properties)
                {
                    if (Find(member, ref left) is var (path, isNaN)) return ($".{name}{path}", isNaN);
                }

                return null;
            default:
                return null;
        }
    }
}
