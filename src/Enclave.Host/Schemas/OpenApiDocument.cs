using System.Globalization;
using System.Runtime.InteropServices;
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
    private readonly Lazy<SchemaResources> _resources;
    private readonly Lazy<bool> _hasRest;
    private int _walks;

    private OpenApiDocument(JsonDocument json, bool isOfService, bool isOld)
    {
        (_json, IsOfService, IsModern) = (json, isOfService, !isOld);
        _hasRest = new Lazy<bool>(() => IsModern && JsonMarshal.GetRawUtf8Value(Root).IndexOf("\"unevaluated"u8) >= 0);
        _resources = new Lazy<SchemaResources>(
            () => new SchemaResources(IsOfService ? Root.Member("components").Member("schemas").Members().Select((one) => one.Value) : [Root], IsModern));
    }

    /// <summary>True for a service's document, whose service checks what it gets. False for a schema that stands alone.</summary>
    public bool IsOfService { get; }

    /// <summary>True from draft 2019-09 and OpenAPI 3.1 on: keywords beside a <c>$ref</c> have a meaning, and <c>minContains</c> and its like exist.</summary>
    public bool IsModern { get; }

    public JsonElement Root => _json.RootElement;

    /// <summary>True if a part of it may say what becomes of items and members that no other part looks at.</summary>
    public bool HasRest => _hasRest.Value;

    /// <summary>The address that references of the document are relative to, outside of parts with an <c>$id</c> of their own.</summary>
    public string Base => IsOfService ? SchemaResources.Nowhere : SchemaResources.BaseOf(SchemaResources.Nowhere, Root, IsModern);

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

    /// <summary>Follows one reference of a part whose references are relative to this address.</summary>
    public bool TryResolve(string reference, string from, out SchemaPlace target)
    {
        string root = Base;
        if (from == root && (reference == "#" || reference.StartsWith("#/", StringComparison.Ordinal)))
        {
            bool isFound = TryResolve(reference, out JsonElement place);
            target = new SchemaPlace(place, reference == "#" ? SchemaResources.Nowhere : OuterOf(reference, root));
            return isFound;
        }

        target = default;
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        (string path, string fragment) = hash < 0 ? (reference, "") : (reference[..hash], reference[(hash + 1)..]);
        if (SchemaResources.Combine(from, path) is not { } address) return false;
        bool isPointer = fragment.StartsWith('/');
        if (address == root && (isPointer || fragment.Length == 0)) return TryResolve($"#{fragment}", root, out target);
        if (!_resources.Value.TryFind(address, isPointer ? "" : Uri.UnescapeDataString(fragment), out target)) return false;
        if (!isPointer) return true;
        if (Walk(target.Schema, $"#{fragment}", out string outer, SchemaResources.BaseOf(target.Outer, target.Schema, IsModern)) is not { } inner) return false;
        target = new SchemaPlace(inner, outer);
        return true;
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The address around the target of a pointer, which may lead through parts with an <c>$id</c>.</summary>
    private string OuterOf(string pointer, string root)
    {
        if (IsOfService && pointer.StartsWith(Components, StringComparison.Ordinal) && pointer[Components.Length..].Split('/').Length == 2) return root;
        return Walk(Root, pointer, out string outer, root) is null ? root : outer;
    }

    private JsonElement? Find(string reference)
    {
        if (reference == "#") return Root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        if (reference.StartsWith(Components, StringComparison.Ordinal) && reference[Components.Length..].Split('/', 3) is [var section, var name])
            return Component(section, Unescaped(name));
        return Walk(Root, reference, out _, Base);
    }

    /// <summary>The target of a pointer into a part, and the address around it.</summary>
    private JsonElement? Walk(JsonElement place, string pointer, out string outer, string from)
    {
        outer = from;
        if (_walks++ >= OpenApiLimits.Walks) return null;
        string[] steps = pointer[2..].Split('/', OpenApiLimits.PointerSteps + 1);
        if (steps.Length > OpenApiLimits.PointerSteps) return null;
        for (int i = 0; i < steps.Length; i++)
        {
            string step = steps[i];
            if (i > 0) outer = SchemaResources.BaseOf(outer, place, IsModern);
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
