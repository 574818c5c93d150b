using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.OpenApi;

/// <summary>Takes over a JSON schema that somebody else wrote: bounded, in one dialect, with only the keywords that say what fits, and with one-line descriptions.</summary>
internal static class GivenSchema
{
    /// <summary>JSON of one schema. A longer one is not looked at, and anything fits.</summary>
    private const int MaxCharacters = 1 << 20;

    /// <summary>The schema as tools have it. What cannot be read is left open: the tool itself judges it.</summary>
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
            // Nested deeper than documents may be.
            return [];
        }
    }
}
