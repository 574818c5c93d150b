using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Mcp.Tools;

/// <summary>Mends declarations of tools that the library refuses although their meaning is clear. The server checks the arguments as well.</summary>
internal static class DeclaredTool
{
    private const int MaxDepth = 64;

    private static readonly HashSet<string> s_types = new(["string", "number", "integer", "boolean", "object", "array", "null"], StringComparer.Ordinal);

    /// <summary>The declaration with schemas of objects, with types in their own letters, and without members that are null.</summary>
    public static JsonNode? Mended(JsonNode? declared)
    {
        if (declared is not JsonObject tool) return declared;
        var mended = (JsonObject)tool.DeepClone();
        JsonObject input = mended["inputSchema"] as JsonObject ?? [];
        MendSchema(input, 0);
        // Arguments are an object, whatever else their schema says.
        input["type"] = "object";
        mended["inputSchema"] = input.Parent is null ? input : input.DeepClone();
        if (mended["outputSchema"] is JsonObject output)
        {
            MendSchema(output, 0);
            // A result that is no object has no structured content.
            if (output["type"] is not JsonValue type || !type.TryGetValue(out string? name) || name != "object") mended.Remove("outputSchema");
        }
        else
        {
            mended.Remove("outputSchema");
        }

        if (mended["annotations"] is JsonObject hints)
        {
            foreach ((string hint, JsonNode? value) in hints.ToArray())
            {
                bool isRight = hint == "title" ? value?.GetValueKind() == JsonValueKind.String
                    : value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;
                if (!isRight) hints.Remove(hint);
            }
        }

        foreach (string member in (string[])["title", "description", "annotations", "icons", "execution", "_meta"])
        {
            if (mended.TryGetPropertyValue(member, out JsonNode? value) && (value is null || IsOdd(member, value))) mended.Remove(member);
        }

        return mended;
    }

    private static bool IsOdd(string member, JsonNode value) => member switch
    {
        "title" or "description" => value.GetValueKind() != JsonValueKind.String,
        "icons" => value is not JsonArray,
        _ => value is not JsonObject,
    };

    private static void MendSchema(JsonNode? node, int depth)
    {
        if (depth > MaxDepth) return;
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) MendSchema(item, depth + 1);
            return;
        }

        if (node is not JsonObject schema) return;
        foreach ((string name, JsonNode? member) in schema.ToArray())
        {
            // Serializers write null for a missing member.
            if (member is null && name is not ("const" or "default" or "example")) schema.Remove(name);
            else if (name == "type" && member is not JsonObject) schema[name] = Typed(member!);
            else if (name is not ("enum" or "const" or "default" or "examples" or "example" or "required")) MendSchema(member, depth + 1);
        }
    }

    private static JsonNode Typed(JsonNode type) => type switch
    {
        JsonArray several => new JsonArray([.. several.Select((one) => one is null ? null : Typed(one))]),
        JsonValue one when one.TryGetValue(out string? name) && s_types.Contains(name.ToLowerInvariant()) => name.ToLowerInvariant(),
        _ => type.DeepClone(),
    };
}
