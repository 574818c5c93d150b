using System.Globalization;
using System.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>Writes a parameter's value in its style. A script's text always stays inside the parameter.</summary>
/// <param name="tool">The tool, for refusals.</param>
/// <param name="parameter">The parameter.</param>
/// <param name="context">The call.</param>
/// <param name="encode">Makes a text valid at its place: percent-encodes it in an address, checks it in a header.</param>
internal sealed class ParameterText(string tool, ParameterPlan parameter, ToolContext context, Func<string, string> encode)
{
    /// <summary>For a path or a header: the value alone.</summary>
    /// <exception cref="ToolException">The value cannot be written in this form.</exception>
    public string Simple(ScriptValue value)
    {
        if (parameter.Style == ParameterStyle.Json) return encode(Json(value));
        return value.Kind switch
        {
            ScriptValueKind.Array => string.Join(',', Items(value)),
            ScriptValueKind.Object =>
                string.Join(',', Members(value).Select((member) => parameter.Explodes ? $"{member.Key}={member.Value}" : $"{member.Key},{member.Value}")),
            _ => encode(Scalar(value)),
        };
    }

    /// <summary>For a query: encoded pairs of name and value; none for an empty list. Pairs of a list that explodes are made one by one.</summary>
    /// <exception cref="ToolException">The value cannot be written in this form.</exception>
    public IEnumerable<(string Name, string Value)> Pairs(ScriptValue value)
    {
        string name = encode(parameter.Name);
        switch (value.Kind)
        {
            case var _ when parameter.Style == ParameterStyle.Json: return [(name, encode(Json(value)))];
            case ScriptValueKind.Array:
                if (parameter.Explodes) return Items(value).Select((item) => (name, item));
                return value.Count == 0 ? [] : [(name, string.Join(Separator, Items(value)))];
            case ScriptValueKind.Object:
                IEnumerable<(string Key, string Value)> members = Members(value);
                if (parameter.Style == ParameterStyle.DeepObject) return members.Select((member) => ($"{name}%5B{member.Key}%5D", member.Value));
                if (parameter.Explodes) return members;
                string joined = string.Join(Separator, members.SelectMany((member) => (string[])[member.Key, member.Value]));
                return joined.Length == 0 ? [] : [(name, joined)];
            default: return [(name, encode(Scalar(value)))];
        }
    }

    /// <summary>Refuses the script's argument.</summary>
    public ToolException Refused(string why) => ToolFault.Of(ToolCode.InvalidArguments, $"the arguments of {tool} do not fit: {parameter.Argument} {why}");

    private string Separator => parameter.Style switch
    {
        ParameterStyle.SpaceDelimited => "%20",
        ParameterStyle.PipeDelimited => "%7C",
        _ => ",",
    };

    private IEnumerable<string> Items(ScriptValue value) => value.Items.Select((item) => encode(Scalar(item)));

    private IEnumerable<(string Key, string Value)> Members(ScriptValue value) =>
        value.Properties.Where((member) => !member.Value.IsNullOrUndefined).Select((member) => (encode(Checked(member.Key)), encode(Scalar(member.Value))));

    private string Scalar(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.String => Checked(value.AsString()),
        ScriptValueKind.Boolean => value.AsBoolean() ? "true" : "false",
        ScriptValueKind.Number when double.IsFinite(value.AsDouble()) => value.ToJsonString(),
        ScriptValueKind.BigInt => value.AsBigInteger().ToString(CultureInfo.InvariantCulture),
        ScriptValueKind.Date => IsoDate.Format(value.AsDateMilliseconds()),
        ScriptValueKind.Bytes => Convert.ToBase64String(value.AsBytes().Span),
        _ => throw Refused($"has {value} where a text, a number or a boolean has to stand"),
    };

    private string Json(ScriptValue value)
    {
        try
        {
            return Encoding.UTF8.GetString(ArgumentJson.ToUtf8(value, context).Span);
        }
        catch (System.Text.Json.JsonException fault)
        {
            throw Refused($"has {fault.Message}");
        }
    }

    private string Checked(string text) => Utf16.IsWellFormed(text) ? text : throw Refused("has half a character");
}
