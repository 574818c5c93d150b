using System.Globalization;
using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>A document's JSON with its references. References to other documents are never followed: a document cannot make the host fetch anything.</summary>
internal sealed class OpenApiDocument : IDisposable
{
    private const string Components = "#/components/";

    private static readonly string[] s_oldDrafts = ["draft-03", "draft-04", "draft-06", "draft-07"];

    private readonly JsonDocument _json;
    private readonly Dictionary<string, JsonElement?> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, JsonElement>> _components = new(StringComparer.Ordinal);
    private int _walks;

    private OpenApiDocument(JsonDocument json, bool isOfService, bool isOld)
    {
        (_json, IsOfService, IsModern) = (json, isOfService, !isOld);
    }

    /// <summary>True for a service's document, whose service checks what it gets. False for a schema that stands alone.</summary>
    public bool IsOfService { get; }

    /// <summary>True from draft 2019-09 and OpenAPI 3.1 on: keywords beside a <c>$ref</c> have a meaning, and <c>minContains</c> and its like exist.</summary>
    public bool IsModern { get; }

    public JsonElement Root => _json.RootElement;

    /// <exception cref="OpenApiException">It is not a JSON object that names its version of OpenAPI 3.</exception>
    public static OpenApiDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) utf8 = utf8[3..];
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = OpenApiLimits.DocumentDepth });
        }
        catch (JsonException fault)
        {
            throw new OpenApiException($"the document is not JSON, or is nested deeper than {OpenApiLimits.DocumentDepth} (line {fault.LineNumber + 1}); " +
                "YAML has to be made JSON first", fault);
        }

        string? version = json.RootElement.Text("openapi");
        if (version is not null && (version.StartsWith("3.0", StringComparison.Ordinal) || version.StartsWith("3.1", StringComparison.Ordinal)
            || version.StartsWith("3.2", StringComparison.Ordinal)))
            return new OpenApiDocument(json, isOfService: true, version.StartsWith("3.0", StringComparison.Ordinal));
        bool isOlder = json.RootElement.Text("swagger") is not null;
        json.Dispose();
        throw new OpenApiException(isOlder
            ? "the document is Swagger 2.0; OpenAPI 3.0, 3.1 and 3.2 are read: convert it"
            : "the document does not say that it is OpenAPI 3.0, 3.1 or 3.2 (its member openapi)");
    }

    /// <summary>A stand-alone schema: its references lead into itself.</summary>
    /// <exception cref="JsonException">It is nested too deep.</exception>
    public static OpenApiDocument OfSchema(string json)
    {
        JsonDocument read = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = OpenApiLimits.DocumentDepth });
        string draft = read.RootElement.Text("$schema") ?? "";
        return new OpenApiDocument(read, isOfService: false, s_oldDrafts.Any((old) => draft.Contains(old, StringComparison.Ordinal)));
    }

    /// <summary>Resolves a place: itself, or the target of its reference. False if the reference leads nowhere or in a circle.</summary>
    public bool TryFollow(JsonElement place, out JsonElement target)
    {
        target = place;
        for (int hops = 0; target.Text("$ref") is { } reference; hops++)
        {
            if (hops < OpenApiLimits.Hops && TryResolve(reference, out target)) continue;
            target = default;
            return false;
        }

        return true;
    }

    /// <summary>Follows one reference.</summary>
    public bool TryResolve(string reference, out JsonElement target)
    {
        if (!_targets.TryGetValue(reference, out JsonElement? known)) _targets[reference] = known = Find(reference);
        target = known ?? default;
        return known is not null;
    }

    public void Dispose() => _json.Dispose();

    private JsonElement? Find(string reference)
    {
        if (reference == "#") return Root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        if (reference.StartsWith(Components, StringComparison.Ordinal) && reference[Components.Length..].Split('/', 3) is [var section, var name])
            return Component(section, Unescaped(name));
        if (_walks++ >= OpenApiLimits.Walks) return null;
        string[] steps = reference[2..].Split('/', OpenApiLimits.PointerSteps + 1);
        if (steps.Length > OpenApiLimits.PointerSteps) return null;
        JsonElement place = Root;
        foreach (string step in steps)
        {
            string key = Unescaped(step);
            if (place.ValueKind == JsonValueKind.Array && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
                && at < place.GetArrayLength()) place = place[at];
            else if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(key, out place)) return null;
        }

        return place;
    }

    /// <summary>An index, because thousands of parts may refer to each other.</summary>
    private JsonElement? Component(string section, string name)
    {
        if (!_components.TryGetValue(section, out Dictionary<string, JsonElement>? named))
        {
            _components[section] = named = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (JsonProperty one in Root.Member("components").Member(section).Members()) named[one.Name] = one.Value;
        }

        return named.TryGetValue(name, out JsonElement found) ? found : null;
    }

    private static string Unescaped(string step) =>
        Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
