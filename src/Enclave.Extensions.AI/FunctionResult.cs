using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>A function's result as that of a tool: content becomes text or bytes, anything else JSON.</summary>
internal static class FunctionResult
{
    /// <exception cref="ToolException">It holds content that a script cannot have.</exception>
    public static object? Of(object? result, JsonSerializerOptions settings) => result switch
    {
        null or ScriptValue or JsonElement or string or bool or byte[] => result,
        AIContent content => Content(content),
        IEnumerable<AIContent> contents => contents.Select(Content).ToArray(),
        _ => new SerializedResult(result, settings),
    };

    private static ScriptValue Content(AIContent content) => content switch
    {
        TextContent text => ScriptValue.From(text.Text),
        DataContent data => ScriptValue.From(data.Data),
        UriContent link => ScriptValue.From(link.Uri.ToString()),
        _ => throw ToolFault.Of(ToolCode.ResultInvalid, $"the result holds content that is neither text nor data ({content.GetType().Name})"),
    };
}
