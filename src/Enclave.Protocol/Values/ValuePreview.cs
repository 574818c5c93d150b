using System.Globalization;
using System.Text;

namespace Enclave.Protocol.Values;

/// <summary>The beginning of a value as text for messages and debuggers. Its cost does not grow with the value.</summary>
internal static class ValuePreview
{
    private const int MaxLength = 120;

    /// <summary>Returns the beginning of the value as text.</summary>
    public static string Of(ScriptValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        if (text.Length <= MaxLength) return text.ToString();
        int cut = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text.ToString(0, cut) + "…";
    }

    private static void Append(StringBuilder text, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined:
                text.Append("undefined");
                break;
            case ScriptValueKind.Null:
                text.Append("null");
                break;
            case ScriptValueKind.Boolean:
                text.Append(value.AsBoolean() ? "true" : "false");
                break;
            case ScriptValueKind.Number:
                text.Append(value.AsDouble().ToString(CultureInfo.InvariantCulture));
                break;
            case ScriptValueKind.BigInt:
                AppendBigInt(text, value);
                break;
            case ScriptValueKind.String:
                AppendString(text, value.AsString());
                break;
            case ScriptValueKind.Bytes:
                text.Append(CultureInfo.InvariantCulture, $"bytes({value.Count})");
                break;
            case ScriptValueKind.Date:
                text.Append(IsoDate.Format(value.AsDateMilliseconds()));
                break;
            case ScriptValueKind.Reference:
                text.Append(CultureInfo.InvariantCulture, $"reference({value.AsReference().Kind}, {value.AsReference().Size} bytes)");
                break;
            case ScriptValueKind.Array:
                AppendArray(text, value);
                break;
            default:
                AppendObject(text, value);
                break;
        }
    }

    private static void AppendBigInt(StringBuilder text, ScriptValue value)
    {
        long bits = value.AsBigInteger().GetBitLength();
        if (bits > 256) text.Append(CultureInfo.InvariantCulture, $"bigint({bits} bits)");
        else text.Append(JsonExport.Digits(value.AsBigInteger())).Append('n');
    }

    private static void AppendString(StringBuilder text, string value) => JsonText.AppendLiteral(text, value.AsSpan(0, Math.Min(value.Length, MaxLength)));

    private static void AppendArray(StringBuilder text, ScriptValue value)
    {
        string separator = "[";
        foreach (ScriptValue item in value.Items)
        {
            text.Append(separator);
            Append(text, item);
            separator = ",";
            if (text.Length > MaxLength) return;
        }

        text.Append(value.Count == 0 ? "[]" : "]");
    }

    private static void AppendObject(StringBuilder text, ScriptValue value)
    {
        string separator = "{";
        foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
        {
            text.Append(separator);
            AppendString(text, property.Key);
            text.Append(':');
            Append(text, property.Value);
            separator = ",";
            if (text.Length > MaxLength) return;
        }

        text.Append(value.Count == 0 ? "{}" : "}");
    }
}
