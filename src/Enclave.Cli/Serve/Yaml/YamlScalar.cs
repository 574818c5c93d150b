using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Enclave.Cli.Serve.Yaml;

/// <summary>Writes a YAML scalar as JSON, by the core schema of YAML 1.2: <c>yes</c>, <c>on</c> and dates are text.</summary>
internal static partial class YamlScalar
{
    private const string Text = "tag:yaml.org,2002:str";

    /// <summary>Longer numbers would be slow to parse, and do not occur.</summary>
    private const int MaxNumberCharacters = 400;

    public static void Write(Utf8JsonWriter writer, Scalar scalar)
    {
        // With quotes, or with a tag for strings, it is text.
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && (scalar.Tag.IsNonSpecific || scalar.Tag.Value == Text)))
            writer.WriteStringValue(scalar.Value);
        else Plain(writer, scalar.Value);
    }

    private static void Plain(Utf8JsonWriter writer, string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": writer.WriteNullValue(); break;
            case "true" or "True" or "TRUE": writer.WriteBooleanValue(true); break;
            case "false" or "False" or "FALSE": writer.WriteBooleanValue(false); break;
            case { Length: <= MaxNumberCharacters } when Number(text) is { } number: writer.WriteRawValue(number, skipInputValidation: true); break;
            default: writer.WriteStringValue(text); break;
        }
    }

    /// <summary>The number in JSON's form; null if it is not a number, or not one of JSON.</summary>
    private static string? Number(string text)
    {
        if (Decimal().Match(text) is { Success: true } match)
        {
            string whole = match.Groups["whole"].Value.TrimStart('0'), fraction = match.Groups["fraction"].Value, exponent = match.Groups["exponent"].Value;
            return $"{(text[0] == '-' ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : $".{fraction}")}{exponent}";
        }

        if (text.StartsWith("0x", StringComparison.Ordinal)
            && BigInteger.TryParse($"0{text.AsSpan(2)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger hex) && text.Length > 2)
            return hex.ToString(CultureInfo.InvariantCulture);
        return text.StartsWith("0o", StringComparison.Ordinal) && text.Length > 2 && !text.AsSpan(2).ContainsAnyExceptInRange('0', '7')
            ? text[2..].Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')).ToString(CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"^[-+]?(?=\.?[0-9])(?<whole>[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<exponent>[eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();
}
