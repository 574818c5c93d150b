using System.Collections.Immutable;
using System.Text.Json;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>Reads the members of a multipart form: their media types, and which of them are files.</summary>
internal sealed class PartReader(OpenApiDocument document)
{
    private const int Branches = 20, Depth = 5;

    private readonly Dictionary<string, PartPlan> _parts = new(StringComparer.Ordinal);

    public ImmutableDictionary<string, PartPlan> Read(JsonElement described)
    {
        AddFiles(described.Member("schema"), 0);
        foreach (JsonProperty encoding in described.Member("encoding").Members().Take(OpenApiLimits.FormFields))
        {
            // Use the first of several types, because a script's value has no type of its own.
            string? type = MediaTypes.Plain((encoding.Value.Text("contentType") ?? "").Split(',')[0].Trim());
            if (type?.EndsWith('*') == true) type = null;
            bool isFile = _parts.GetValueOrDefault(encoding.Name).IsFile;
            if (type is not null) _parts[encoding.Name] = new PartPlan(type, isFile);
        }

        return _parts.ToImmutableDictionary(StringComparer.Ordinal);
    }

    private void AddFiles(JsonElement schema, int depth)
    {
        if (depth > Depth || !document.TryFollow(schema, out JsonElement found)) return;
        foreach (JsonProperty property in found.Member("properties").Members().Take(OpenApiLimits.FormFields))
        {
            if (IsFile(property.Value, 0)) _parts[property.Name] = new PartPlan(null, IsFile: true);
        }

        foreach (JsonElement branch in found.Member("allOf").Items().Take(Branches)) AddFiles(branch, depth + 1);
    }

    /// <summary>OpenAPI 3.0 says <c>format: binary</c>, 3.1 a media type without an encoding; a list of files has them in its items.</summary>
    private bool IsFile(JsonElement schema, int depth)
    {
        if (depth > Depth || !document.TryFollow(schema, out JsonElement found)) return false;
        if (found.Text("format") == "binary" || (found.Text("contentMediaType") is not null && found.Text("contentEncoding") is null)) return true;
        return found.Member("items").ValueKind == JsonValueKind.Object && IsFile(found.Member("items"), depth + 1);
    }
}
