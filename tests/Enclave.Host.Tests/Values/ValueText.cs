using System.Globalization;
using System.Text;
using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>A value as text, in the format of model.js: equal texts are equal values, exact to the bit and in the same order.</summary>
internal static class ValueText
{
    public static string Of(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined => "u",
        ScriptValueKind.Null => "z",
        ScriptValueKind.Boolean => value.AsBoolean() ? "T" : "F",
        ScriptValueKind.Number => double.IsNaN(value.AsDouble()) ? "nNaN" : $"n{BitConverter.DoubleToInt64Bits(value.AsDouble()):x}",
        ScriptValueKind.BigInt => $"i{value.AsBigInteger().ToString(CultureInfo.InvariantCulture)}",
        ScriptValueKind.String => "s" + Quoted(value.AsString()),
        ScriptValueKind.Bytes => "b" + Convert.ToHexStringLower(value.AsBytes().Span),
        ScriptValueKind.Date => string.Create(CultureInfo.InvariantCulture, $"d{value.AsDateMilliseconds()}"),
        ScriptValueKind.Array => $"[{string.Join(',', value.Items.Select(Of))}]",
        ScriptValueKind.Object => $"{{{string.Join(',', value.Properties.Select((member) => $"{Quoted(member.Key)}:{Of(member.Value)}"))}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "no value of a script's own"),
    };

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char unit in text)
        {
            if (unit is >= ' ' and < '\x7f' and not '"' and not '\\') quoted.Append(unit);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return quoted.Append('"').ToString();
    }
}
