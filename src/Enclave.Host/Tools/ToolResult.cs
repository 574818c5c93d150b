using System.Text.Json;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>Converts a registered tool's result to a value. The size is checked while it is written: an endless result is cut off, not collected.</summary>
internal static class ToolResult
{
    /// <summary>
    /// A value within its limit as MessagePack has at most about this many times as many bytes as JSON. The exact limit is applied afterwards.
    /// </summary>
    private const int JsonFactor = 4;

    /// <summary>Converts the result of the application's own code.</summary>
    /// <exception cref="ToolException">It is not data.</exception>
    public static ScriptValue From(object? result)
    {
        try
        {
            return ScriptValue.From(result);
        }
        catch (ArgumentException fault)
        {
            throw new ToolException(fault.Message, fault) { Code = ToolCode.ResultInvalid };
        }
    }

    /// <exception cref="ToolException">It is too large, or not data.</exception>
    public static async Task<ScriptValue> ToValueAsync(ToolDefinition tool, object? result, int maxBytes, CancellationToken token)
    {
        if (result is null) return ScriptValue.Null;
        if (result is ScriptValue ready) return ready.HasReference
            ? throw ToolFault.Of(ToolCode.ResultInvalid, $"the result of {tool.Name} holds a reference of another run: it has to be opened first")
            : ready;
        if (result is string { Length: var length } && length > maxBytes) throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        if (result is byte[] { Length: var size } && size > maxBytes) throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        using var json = new BoundedStream(((long)maxBytes * JsonFactor) + 1024);
        try
        {
            // By the declared type: additional members of a derived type were never promised.
            await JsonSerializer.SerializeAsync(json, result, tool.ResultType!, OtherObjects.Options, token).ConfigureAwait(false);
            using JsonDocument document = JsonDocument.Parse(json.Written, new JsonDocumentOptions { MaxDepth = ProtocolLimits.MaxDepth });
            return ScriptValue.From(document.RootElement);
        }
        catch (BoundedStreamException)
        {
            throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or ArgumentException)
        {
            throw ToolFault.Of(ToolCode.ResultInvalid, $"the result of {tool.Name} is not data that a script can have: it contains itself, " +
                $"is nested deeper than {ProtocolLimits.MaxObjectDepth}, holds something that is not data, or longer integers than a value may have", fault);
        }
    }
}
