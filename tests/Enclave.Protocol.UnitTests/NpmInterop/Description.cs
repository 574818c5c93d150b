using System.Buffers.Binary;

namespace Enclave.Protocol.Tests.NpmInterop;

/// <summary>A lossless text of a value that interop.mjs also writes: two values are equal if and only if their texts are.</summary>
internal static class Description
{
    public static string Of(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined => """["undefined"]""",
        ScriptValueKind.Null => """["null"]""",
        ScriptValueKind.Boolean => $"""["boolean",{(value.AsBoolean() ? "true" : "false")}]""",
        ScriptValueKind.Number => $"""["number","{Number(value.AsDouble())}"]""",
        ScriptValueKind.BigInt => $"""["bigint","{value.AsBigInteger()}"]""",
        ScriptValueKind.String => $"""["string","{Hex(value.AsString())}"]""",
        ScriptValueKind.Bytes => $"""["bytes","{Convert.ToHexStringLower(value.AsBytes().Span)}"]""",
        ScriptValueKind.Date => $"""["date","{value.AsDateMilliseconds()}"]""",
        ScriptValueKind.Array => $"""["array",[{string.Join(',', value.Items.Select(Of))}]]""",
        _ => $"""["object",[{string.Join(',', Properties(value))}]]""",
    };

    /// <summary>True if the text contains a key with a lone surrogate, which JavaScript objects accept and @msgpack/msgpack cannot write.</summary>
    public static bool HasIllFormedKey(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Array => value.Items.Any(HasIllFormedKey),
        ScriptValueKind.Object => value.Properties.Any(property => !Utf16.IsWellFormed(property.Key) || HasIllFormedKey(property.Value)),
        _ => false,
    };

    /// <summary>True if a number has an integer's form: it is exact, and not -0.</summary>
    public static bool IsInteger(double value) =>
        double.IsInteger(value) && Math.Abs(value) <= ProtocolLimits.MaxSafeInteger && !(value == 0 && double.IsNegative(value));

    private static IEnumerable<string> Properties(ScriptValue value) => value.Properties
        .Select(property => (Key: Hex(property.Key), property.Value))
        .OrderBy(property => property.Key, StringComparer.Ordinal)
        .Select(property => $"""["{property.Key}",{Of(property.Value)}]""");

    private static string Number(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        return IsInteger(value) ? $"{(long)value}" : $"x{BitConverter.DoubleToUInt64Bits(value):x16}";
    }

    private static string Hex(string text)
    {
        byte[] bytes = new byte[2 * text.Length];
        for (int i = 0; i < text.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), text[i]);
        return Convert.ToHexStringLower(bytes);
    }
}
