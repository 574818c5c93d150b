using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas;

/// <summary>Imports a foreign JSON schema: bounded, in one dialect, with only the keywords that constrain values, and with descriptions on one line.</summary>
internal static class GivenSchema
{
    /// <summary>The longest JSON of a schema. A longer one is not read, and accepts any value.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The imported schema of arguments. Parts beyond the bounds accept any value.</summary>
    /// <exception cref="UnheldSchemaException">Arguments could not be held to all of the schema.</exception>
    public static JsonObject OfArguments(JsonElement schema)
    {
        JsonObject read = Of(schema, SchemaUse.Request, out string? unheld);
        return unheld is null ? read : throw new UnheldSchemaException(unheld);
    }

    /// <summary>The imported schema of arguments for a tool of another server, which checks them as well: parts that cannot be held accept any value.</summary>
    public static JsonObject OfForeignArguments(JsonElement schema) => Of(schema, SchemaUse.Request, out _);

    /// <summary>The imported schema of a result, which is only shown: parts that cannot be read accept any value.</summary>
    public static JsonObject OfResult(JsonElement schema) => Of(schema, SchemaUse.Response, out _);

    private static JsonObject Of(JsonElement schema, SchemaUse use, out string? unheld)
    {
        unheld = null;
        if (schema.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return [];
        if (JsonMarshal.GetRawUtf8Value(schema).Length > MaxBytes) return [];
        try
        {
            using OpenApiDocument document = OpenApiDocument.OfSchema(schema.GetRawText());
            var converter = new SchemaConverter(document, use);
            JsonObject read = converter.Finish(converter.Convert(document.Root));
            unheld = converter.Unheld;
            return read;
        }
        catch (JsonException)
        {
            // The schema is nested deeper than documents may be.
            return [];
        }
    }
}
