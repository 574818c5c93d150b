using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>
/// The memory of events, in bytes. It is an upper bound, also for a value's encoded form, so that most values need no encoding to be measured.
/// </summary>
internal static class EventSize
{
    /// <summary>An event without its texts and values.</summary>
    public const int Base = 256;

    private const int Node = 48, PerCharacter = 3, KeptCharacters = 200;

    public static long Of(string? text) => text is null ? 0 : 32 + ((long)text.Length * PerCharacter);

    /// <remarks>The level limits the nesting of values, to at most 100.</remarks>
    public static long Of(ScriptValue value)
    {
        long bytes = Node;
        switch (value.Kind)
        {
            case ScriptValueKind.String: bytes += (long)value.AsString().Length * PerCharacter; break;
            case ScriptValueKind.Bytes: bytes += value.Count; break;
            case ScriptValueKind.BigInt: bytes += value.AsBigInteger().GetByteCount() * 3L; break;
            case ScriptValueKind.Reference:
                ScriptReference reference = value.AsReference();
                bytes += Of(reference.Id) + Of(reference.Preview) + Node;
                break;
            case ScriptValueKind.Array:
                foreach (ScriptValue item in value.Items) bytes += Of(item);
                break;
            case ScriptValueKind.Object:
                foreach ((string key, ScriptValue item) in value.Properties) bytes += Of(key) + Of(item);
                break;
        }

        return bytes;
    }

    public static string Cut(string text) => text.Length <= KeptCharacters ? text : string.Concat(text.AsSpan(0, KeptCharacters), "…");
}
