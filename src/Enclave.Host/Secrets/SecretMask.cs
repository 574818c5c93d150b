using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Secrets;

/// <summary>Masks the values of a call's secrets in its tool's output, if they occur as a whole.</summary>
/// <remarks>
/// This is a safety net, not a guarantee. It finds a whole value as it is; percent-encoded, with the escapes of JSON or JavaScript, with HTML's references,
/// and in up to <see cref="Layers"/> nested ones of these; in hexadecimal; and in base64 or base64url, alone or with other bytes around it.
/// Each of these may be broken into lines. It searches texts, names of members and bytes. It does not find a value that was split,
/// reversed, encoded otherwise (hexadecimal with separators or in mixed case, base64 twice), or made a number. Values with fewer than
/// <see cref="Least"/> characters are ignored: they would be found everywhere.
/// </remarks>
internal sealed class SecretMask
{
    /// <summary>The length of the shortest value that is masked.</summary>
    public const int Least = 8;

    /// <summary>Layers of escapes that are removed.</summary>
    public const int Layers = 3;

    private const string Cover = "***";

    private readonly SecretScan? _scan;

    /// <summary>A mask of these values. Values shorter than <see cref="Least"/> are not masked.</summary>
    public SecretMask(IEnumerable<string> values) => _scan = SecretPatterns.Of(values) is { } patterns ? new SecretScan(patterns) : null;

    /// <summary>Masks nothing.</summary>
    public static SecretMask Nothing { get; } = new([]);

    /// <summary>Returns the same without the secrets.</summary>
    public string Of(string text)
    {
        return _scan?.Find(text) is { } found ? Covered(text, found) : text;
    }

    private static string Covered(string text, IEnumerable<(int Start, int End)> found)
    {
        var masked = new StringBuilder(text.Length);
        int at = 0;
        foreach ((int start, int end) in found)
        {
            masked.Append(text, at, start - at).Append(Cover);
            at = end;
        }

        return masked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Masks a value. Returns the same value if it contains no secret.</summary>
    public ScriptValue Of(ScriptValue value) => _scan is null ? value : Within(value);

    /// <summary>Returns the same without the secrets.</summary>
    public ToolException Of(ToolException fault)
    {
        if (_scan is null) return fault;
        return new ToolException(Of(fault.Message), fault.InnerException is { } cause ? Of(cause) : null)
        {
            Name = Of(fault.Name),
            Code = fault.Code is { } code ? Of(code) : null,
        };
    }

    /// <summary>Masks an exception. Returns the same exception if it and its inner ones contain no secret, or else its masked text.</summary>
    public Exception Of(Exception fault)
    {
        if (_scan is null) return fault;
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
                return Members(value) is { } properties ? ScriptValue.OfObject(properties) : value;
            default: return value;
        }
    }

    /// <summary>The members without secrets; null if they have none.</summary>
    private PropertyTable? Members(ScriptValue value)
    {
        ReadOnlySpan<KeyValuePair<string, ScriptValue>> members = value.Properties.AsSpan();
        var shown = new KeyValuePair<string, ScriptValue>[members.Length];
        bool isSame = true;
        MaskedNames? masked = null;
        for (int i = 0; i < members.Length; i++)
        {
            (string key, ScriptValue member) = members[i];
            string name = Of(key);
            ScriptValue inside = Within(member);
            isSame &= ReferenceEquals(inside, member);
            if (!ReferenceEquals(name, key)) name = (masked ??= new MaskedNames(value)).Distinct(name);
            shown[i] = KeyValuePair.Create(name, inside);
        }

        if (isSame && masked is null) return null;
        var properties = new PropertyTable.Builder(members.Length);
        foreach ((string name, ScriptValue member) in shown) properties.Set(name, member);
        return properties.Build();
    }

    /// <summary>The bytes with each value replaced by the mask, even if their lengths differ; null if there is no value.</summary>
    private byte[]? Within(ReadOnlySpan<byte> bytes)
    {
        // Byte by byte, as the patterns are.
        string text = Encoding.Latin1.GetString(bytes);
        if (_scan!.Find(text) is not { } found) return null;
        return Encoding.Latin1.GetBytes(Covered(text, found));
    }

    /// <summary>Keeps names apart that are equal without their secrets: "***", "*** (2)" and so on.</summary>
    private sealed class MaskedNames(ScriptValue value)
    {
        // A masked name never replaces an existing name.
        private readonly HashSet<string> _taken = [.. value.Properties.Select((member) => member.Key)];
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public string Distinct(string name)
        {
            int number = _numbers.GetValueOrDefault(name);
            string distinct;
            do distinct = ++number == 1 ? name : $"{name} ({number})";
            while (!_taken.Add(distinct));
            _numbers[name] = number;
            return distinct;
        }
    }
}
