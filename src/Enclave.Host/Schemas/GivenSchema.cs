using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Schemas;

/// <summary>Imports a foreign JSON schema: bounded, in one dialect, with only the keywords that constrain values, and with descriptions on one line.</summary>
internal static class GivenSchema
{
    /// <summary>The longest JSON of a schema. A longer one is not read, and accepts any value.</summary>
    private const int MaxCharacters = 1 << 20;

    /// <summary>The imported schema. Unreadable parts accept any value: the tool itself checks them.</summary>
    public static JsonObject Of(JsonElement schema, SchemaUse use)
    {
        if (schema.ValueKind != JsonValueKind.Object) return [];
        string text = schema.GetRawText();
        if (text.Length > MaxCharacters) return [];
        try
        {
            using OpenApiDocument document = OpenApiDocument.OfSchema(text);
            var converter = new SchemaConverter(document, use);
            return converter.Finish(converter.Convert(document.Root));
        }
        catch (JsonException)
        {
            // It is nested deeper than documents may be.
            return [];
        }
    }
}
