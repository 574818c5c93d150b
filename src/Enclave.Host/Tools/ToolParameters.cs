using System.Text.Json.Nodes;
using Enclave.Protocol;

namespace Enclave.Tools;

/// <summary>The parameters of a method that a script provides, as members of one object.</summary>
internal sealed class ToolParameters(ToolParameter[] parameters)
{
    /// <summary>
    /// True if the method takes no arguments from the script. Given arguments are ignored, because models send members to tools that take none.
    /// </summary>
    public bool IsEmpty => parameters.Length == 0;

    /// <summary>The schema of the object.</summary>
    public JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
            parameters.Select((parameter) => KeyValuePair.Create<string, JsonNode?>(parameter.Name, parameter.Schema.DeepClone())))
        };
        string[] required = [.. parameters.Where((parameter) => parameter.IsRequired).Select((parameter) => parameter.Name)];
        if (required.Length > 0) schema["required"] = new JsonArray([.. required.Select((name) => (JsonNode)name)]);
        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>The values in the order of the parameters. Null if one does not fit; <paramref name="fault"/> then says which.</summary>
    public object?[]? Bind(ScriptValue arguments, ToolContext context, out string? fault)
    {
        fault = null;
        var values = new object?[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parameters[i].Bind(arguments, context, out fault);
            if (fault is not null) return null;
        }

        return values;
    }
}
