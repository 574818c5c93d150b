using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Secrets;

/// <summary>Takes the values of a call's secrets out of what leaves its tool, should they stand there word for word.</summary>
/// <remarks>
/// A net under tools, not a wall: it finds a whole value as it is, percent-encoded as in an address, and in base64 as in a header, in texts, names of members and bytes. A value that was split,
/// turned around, encoded otherwise or together with something else, or made a number is not found; nor is one of fewer than <see cref="Least"/> characters, which would be found in everything.
/// </remarks>
internal sealed class SecretMask
{
    /// <summary>Characters of the shortest value that is looked for.</summary>
    public const int Least = 8;

    private const string Cover = "***";

    private readonly string[] _sought;
    private readonly byte[][] _soughtBytes;

    public SecretMask(IEnumerable<string> values)
    {
        // The longest first: of two secrets, one may be part of the other.
        _sought =
        [
            .. values.Where((value) => value.Length >= Least).SelectMany(Forms).Distinct(StringComparer.Ordinal).OrderByDescending((value) => value.Length),
        ];
        _soughtBytes = [.. _sought.Select(Encoding.UTF8.GetBytes)];
    }

    public static SecretMask Nothing { get; } = new([]);

    private static string[] Forms(string value) => [value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];

    public string Of(string text)
    {
        foreach (string value in _sought) text = text.Replace(value, Cover, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The same value where there is nothing to hide.</summary>
    public ScriptValue Of(ScriptValue value) => _sought.Length == 0 ? value : Within(value);

    public ToolException Of(ToolException fault)
    {
        if (_sought.Length == 0) return fault;
        return new ToolException(Of(fault.Message), fault.InnerException is { } cause ? Of(cause) : null) { Name = Of(fault.Name), Code = fault.Code is { } code ? Of(code) : null };
    }

    /// <summary>The same exception where nothing of it, or of those within it, has to be hidden; else its text.</summary>
    public Exception Of(Exception fault)
    {
        if (_sought.Length == 0) return fault;
        string text = fault.ToString(), masked = Of(text);
        return ReferenceEquals(text, masked) || text == masked ? fault : new MaskedException(Of(fault.Message), masked);
    }

    // Recursion is as deep as the value, and no value is deeper than ProtocolLimits.MaxDepth.
    private ScriptValue Within(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.String:
                string text = value.AsString(), masked = Of(text);
                return ReferenceEquals(text, masked) ? value : ScriptValue.OfString(masked);
            case ScriptValueKind.Bytes:
                return Within(value.AsBytes().Span) is { } bytes ? ScriptValue.OfBytes(bytes) : value;
            case ScriptValueKind.Array:
                ScriptValue[]? items = null;
                for (int i = 0; i < value.Count; i++)
                {
                    ScriptValue item = Within(value[i]);
                    if (items is null && ReferenceEquals(item, value[i])) continue;
                    items ??= [.. value.Items];
                    items[i] = item;
                }

                return items is null ? value : ScriptValue.OfArray(items);
            case ScriptValueKind.Object:
                var properties = new PropertyTable.Builder(value.Count);
                bool same = true;
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    string shown = Of(key);
                    ScriptValue inside = Within(member);
                    same &= ReferenceEquals(shown, key) && ReferenceEquals(inside, member);
                    properties.Set(shown, inside);
                }

                return same ? value : ScriptValue.OfObject(properties.Build());
            default: return value;
        }
    }

    /// <summary>The bytes with stars in the place of each value; null where there is none.</summary>
    private byte[]? Within(ReadOnlySpan<byte> bytes)
    {
        byte[]? masked = null;
        foreach (byte[] value in _soughtBytes)
        {
            for (int from = 0; bytes[from..].IndexOf(value) is >= 0 and int at; from += at + value.Length)
            {
                masked ??= bytes.ToArray();
                masked.AsSpan(from + at, value.Length).Fill((byte)'*');
            }
        }

        return masked;
    }
}
