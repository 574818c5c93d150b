using System.Buffers;
using System.Globalization;
using System.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>
/// Writes an object as a form (OpenAPI 3.1.1, 4.8.15). Unless the document gives a member another format, a list is written as repeated members, and objects in
/// the list as JSON. In the style <c>deepObject</c> objects and lists may hold others, as services expect: <c>items[0][price]=7</c>.
/// </summary>
internal sealed class FormBody(OperationPlan plan, BodyPlan body, ToolContext context)
{
    private const int CharactersPerByte = 3, BracketCharacters = 6, ReservedBytes = 64 << 10;

    private readonly ArrayBufferWriter<byte> _written = new();
    private long _spent;
    private long _reserved;

    /// <exception cref="ToolException">A member cannot be written, or the host has no room.</exception>
    public ReadOnlyMemory<byte> Write(ScriptValue value)
    {
        if (value.Kind != ScriptValueKind.Object) throw Refused($"{BodyPlan.Argument} is {value}; expected an object");
        foreach ((string name, ScriptValue member) in value.Properties)
        {
            if (member.IsNullOrUndefined) continue;
            ParameterPlan? field = body.Fields.FirstOrDefault((field) => field.Name == name);
            if (field is { Style: ParameterStyle.DeepObject }) WriteDeep(Field(name, ParameterStyle.Form), Encode(name), member);
            else if (field is not null) WritePairs(field, member);
            else foreach (ScriptValue item in member.Kind == ScriptValueKind.Array ? member.Items : [member]) WritePairs(PlainField(name, item), item);
        }

        return _written.WrittenMemory;
    }

    private static ParameterPlan PlainField(string name, ScriptValue item) =>
        Field(name, item.Kind is ScriptValueKind.Object or ScriptValueKind.Array ? ParameterStyle.Json : ParameterStyle.Form);

    private static ParameterPlan Field(string name, ParameterStyle style) =>
        new($"{BodyPlan.Argument}.{name}", name, ParameterLocation.Query, style, Explodes: true);

    private void WritePairs(ParameterPlan field, ScriptValue value)
    {
        foreach ((string name, string text) in new ParameterText(plan.Tool, field, context, Encode).Pairs(value)) Append(name, text);
    }

    private void WriteDeep(ParameterPlan field, string name, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Null or ScriptValueKind.Undefined:
                break;
            case ScriptValueKind.Object:
                foreach ((string key, ScriptValue member) in value.Properties) WriteDeep(field, Step(name, key), member);
                break;
            case ScriptValueKind.Array:
                int at = 0;
                foreach (ScriptValue item in value.Items) WriteDeep(field, Step(name, (at++).ToString(CultureInfo.InvariantCulture)), item);
                break;
            default:
                foreach ((_, string text) in new ParameterText(plan.Tool, field, context, Encode).Pairs(value)) Append(name, text);
                break;
        }
    }

    /// <summary>The name of a member of a member. It repeats the names above it.</summary>
    private string Step(string name, string key)
    {
        string step = Encode(key);
        Spend((long)name.Length + step.Length + BracketCharacters);
        return $"{name}%5B{step}%5D";
    }

    private string Encode(string raw)
    {
        Spend((long)CharactersPerByte * Encoding.UTF8.GetByteCount(raw));
        return Uri.EscapeDataString(raw);
    }

    /// <summary>Writes a pair. A list repeats its name.</summary>
    private void Append(string name, string text)
    {
        Spend((long)name.Length + text.Length + 2);
        if (_written.WrittenCount > 0) _written.Write("&"u8);
        Encoding.ASCII.GetBytes(name, _written);
        _written.Write("="u8);
        Encoding.ASCII.GetBytes(text, _written);
    }

    /// <summary>Counts characters before they are made: a script's short value may have many long names.</summary>
    private void Spend(long characters)
    {
        _spent += characters;
        if (_spent > OpenApiLimits.FormCharacters) throw Refused($"{BodyPlan.Argument} is too long for a form");
        long missing = (sizeof(char) * _spent) - _reserved;
        if (missing <= 0) return;
        // In large parts, because each reservation is an object.
        missing = Math.Max(missing, ReservedBytes);
        if (!context.Memory.TryGrow(missing)) throw Refused($"{BodyPlan.Argument} has no room in the host");
        _reserved += missing;
    }

    private ToolException Refused(string why) => ToolFault.Of(ToolCode.InvalidArguments, $"the arguments of {plan.Tool} do not fit: {why}");
}
