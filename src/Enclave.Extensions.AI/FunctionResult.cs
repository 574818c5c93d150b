using System.Text.Json;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>Converts a function's result to a script value: content becomes text or bytes, anything else JSON.</summary>
internal static class FunctionResult
{
    /// <summary>JSON of one result. The host's own limit, which is lower, is applied afterwards.</summary>
    private const int MaxJsonBytes = 256 << 20;

    /// <summary>Deeper than values may be, which is checked afterwards.</summary>
    private const int MaxDepth = 256;

    /// <exception cref="ToolException">It is too large, or cannot be converted to a script value.</exception>
    public static async Task<ScriptValue> ToValueAsync(object? result, JsonSerializerOptions settings, CancellationToken token) => result switch
    {
        null => ScriptValue.Null,
        ScriptValue ready => ready,
        JsonElement json => Json(json),
        string or bool or byte[] => ScriptValue.From(result),
        AIContent content => Content(content),
        IEnumerable<AIContent> contents => ScriptValue.From(contents.Select(Content).ToArray()),
        _ => await SerializedAsync(result, settings, token).ConfigureAwait(false),
    };

    private static ScriptValue Content(AIContent content) => content switch
    {
        TextContent text => ScriptValue.From(text.Text),
        DataContent data => ScriptValue.From(data.Data.ToArray()),
        UriContent link => ScriptValue.From(link.Uri.ToString()),
        _ => throw ToolFault.Of(ToolCode.ResultInvalid, $"the result holds content that is neither text nor data ({content.GetType().Name})"),
    };

    private static async Task<ScriptValue> SerializedAsync(object result, JsonSerializerOptions settings, CancellationToken token)
    {
        using var json = new BoundedStream(MaxJsonBytes);
        try
        {
            await JsonSerializer.SerializeAsync(json, result, result.GetType(), settings, token).ConfigureAwait(false);
            using JsonDocument document = JsonDocument.Parse(json.Written, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return ScriptValue.From(document.RootElement);
        }
        catch (BoundedStreamException)
        {
            throw ToolFault.Of(ToolCode.ResultTooLarge, $"the result is larger than {MaxJsonBytes} bytes: ask for less");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or ArgumentException)
        {
            throw ToolFault.Of(ToolCode.ResultInvalid, "the result cannot be converted to a script value", fault);
        }
    }

    private static ScriptValue Json(JsonElement json)
    {
        try
        {
            return ScriptValue.From(json);
        }
        catch (ArgumentException fault)
        {
            throw ToolFault.Of(ToolCode.ResultInvalid, "the result is nested too deep, or has longer integers than a value may have", fault);
        }
    }
}
