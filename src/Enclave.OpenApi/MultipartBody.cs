using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>
/// Writes an object as <c>multipart/form-data</c> (RFC 7578; OpenAPI 3.1.1, 4.8.15): a part for each member, and for each item of a list. Objects are JSON.
/// Bytes, and members that the document calls files, have a file name, which servers expect of a file: the member's name.
/// </summary>
internal sealed class MultipartBody(OperationPlan plan, BodyPlan body, ToolContext context)
{
    private const int PartBytes = 200, CharactersPerByte = 3;

    private readonly ArrayBufferWriter<byte> _written = new();
    private long _spent;

    /// <summary>The text between parts. It is random, so that a script cannot put it into a value.</summary>
    public string Boundary { get; } = $"enclave-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    /// <exception cref="ToolException">A member cannot be written, or the host has no room.</exception>
    public ReadOnlyMemory<byte> Write(ScriptValue value)
    {
        if (value.Kind != ScriptValueKind.Object) throw Refused($"{BodyPlan.Argument} is {value}; expected an object");
        foreach ((string name, ScriptValue member) in value.Properties)
        {
            PartPlan part = body.Parts.GetValueOrDefault(name);
            bool isList = member.Kind == ScriptValueKind.Array && !MediaTypes.IsJson(part.MediaType);
            foreach (ScriptValue item in isList ? member.Items : [member])
            {
                if (!item.IsNullOrUndefined) WritePart(name, part, item);
            }
        }

        Append(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return _written.WrittenMemory;
    }

    private void WritePart(string name, PartPlan part, ScriptValue item)
    {
        bool isJson = item.Kind is ScriptValueKind.Object or ScriptValueKind.Array || MediaTypes.IsJson(part.MediaType);
        bool isFile = part.IsFile || item.Kind == ScriptValueKind.Bytes;
        // Count the part before it is made. A list repeats its name for each item.
        Spend(((long)CharactersPerByte * 2 * name.Length) + PartBytes);
        string shown = name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
        string file = isFile ? $"; filename=\"{shown}\"" : "";
        string? type = part.MediaType ?? (isJson ? MediaTypes.Json : isFile ? "application/octet-stream" : null);
        Append(Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{shown}\"{file}\r\n"
            + (type is null ? "\r\n" : $"Content-Type: {type}\r\n\r\n")));
        ReadOnlySpan<byte> content = item.Kind == ScriptValueKind.Bytes ? item.AsBytes().Span
            : isJson ? ArgumentJson.ToUtf8(item, context).Span
            : Encoding.UTF8.GetBytes(Text(name, item));
        Spend(content.Length);
        Append(content);
        Append("\r\n"u8);
    }

    private string Text(string name, ScriptValue item)
    {
        var field = new ParameterPlan($"{BodyPlan.Argument}.{name}", name, ParameterLocation.Query, ParameterStyle.Form, Explodes: true);
        return new ParameterText(plan.Tool, field, context, static (raw) => raw).Simple(item);
    }

    private void Append(ReadOnlySpan<byte> bytes) => _written.Write(bytes);

    /// <summary>Takes room for bytes before they are written. The buffer grows by doubling.</summary>
    private void Spend(long bytes)
    {
        _spent += bytes;
        if (_spent > OpenApiLimits.FormCharacters) throw Refused($"{BodyPlan.Argument} is too long for a form");
        if (!context.Memory.TryGrow(2 * bytes)) throw Refused($"{BodyPlan.Argument} has no room in the host");
    }

    private ToolException Refused(string why) => ToolFault.Of(ToolCode.InvalidArguments, $"the arguments of {plan.Tool} do not fit: {why}");
}
