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
    // The key is a pointer from the root, with #, or the address of a part and a pointer from there.
    private readonly Dictionary<string, SchemaPlace?> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, JsonElement>> _components = new(StringComparer.Ordinal);
    private readonly Lazy<SchemaResources> _resources;
    private readonly Lazy<bool> _hasRest;
    private int _walks;

    private OpenApiDocument(JsonDocument json, bool isOfService, bool isOld)
    {
        (_json, IsOfService, IsModern) = (json, isOfService, !isOld);
        Base = isOfService ? SchemaResources.Nowhere : SchemaResources.BaseOf(SchemaResources.Nowhere, Root, IsModern);
        _hasRest = new Lazy<bool>(() => IsModern && JsonMarshal.GetRawUtf8Value(Root).IndexOf("\"unevaluated"u8) >= 0);
        _resources = new Lazy<SchemaResources>(
            () => new SchemaResources(IsOfService ? Root.Member("components").Member("schemas").Members().Select((one) => one.Value) : [Root], IsModern));
    }

    /// <summary>True for a document of a service, which checks its requests itself. False for a schema that stands alone.</summary>
    public bool IsOfService { get; }

    /// <summary>True from draft 2019-09 and OpenAPI 3.1 on: keywords beside a <c>$ref</c> have a meaning, and <c>minContains</c> and its like exist.</summary>
    public bool IsModern { get; }

    public JsonElement Root => _json.RootElement;

    /// <summary>True if a part of the document may have a keyword for items or members that no other part evaluates.</summary>
    public bool HasRest => _hasRest.Value;

    /// <summary>The address that references of the document are relative to, outside of parts with an <c>$id</c> of their own.</summary>
    public string Base { get; }

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
    /// <exception cref="JsonException">The schema is nested too deep.</exception>
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

    /// <summary>Follows one reference by a pointer from the root; false for others.</summary>
    public bool TryResolve(string reference, out JsonElement target)
    {
        SchemaPlace? known = reference.StartsWith('#') ? Known(reference, Find) : null;
        target = known?.Schema ?? default;
        return known is not null;
    }

    /// <summary>Follows one reference of a part whose references are relative to this address.</summary>
    public bool TryResolve(string reference, string from, out SchemaPlace target)
    {
        SchemaPlace? known = Resolve(reference, from);
        target = known ?? default;
        return known is not null;
    }

    public void Dispose() => _json.Dispose();

    private SchemaPlace? Resolve(string reference, string from)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        (string path, string fragment) = hash < 0 ? (reference, "") : (reference[..hash], reference[(hash + 1)..]);
        if (SchemaResources.Combine(from, path) is not { } address) return null;
        bool isPointer = fragment.StartsWith('/');
        if (address == Base && (isPointer || fragment.Length == 0)) return Known($"#{fragment}", Find);
        if (!_resources.Value.TryFind(address, isPointer ? "" : Uri.UnescapeDataString(fragment), out SchemaPlace part)) return null;
        return !isPointer ? part : Known(
            $"{address}#{fragment}", (_) => Walk(part.Schema, fragment, SchemaResources.BaseOf(part.Outer, part.Schema, IsModern)));
    }

    /// <summary>The target under this key, which is looked for once: a pointer costs a walk.</summary>
    private SchemaPlace? Known(string key, Func<string, SchemaPlace?> find)
    {
        if (!_targets.TryGetValue(key, out SchemaPlace? known)) _targets[key] = known = find(key);
        return known;
    }

    private SchemaPlace? Find(string reference)
    {
        if (reference == "#") return new SchemaPlace(Root, SchemaResources.Nowhere);
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        if (reference.StartsWith(Components, StringComparison.Ordinal) && reference[Components.Length..].Split('/', 3) is [var section, var name])
            return Component(section, Unescaped(name)) is { } part ? new SchemaPlace(part, Base) : null;
        return Walk(Root, reference[1..], Base);
    }

    /// <summary>The target of a pointer into a part. The pointer may lead through parts with an <c>$id</c>.</summary>
    /// <param name="place">The part.</param>
    /// <param name="pointer">The pointer, from its first slash on.</param>
    /// <param name="from">The address that references in the part are relative to.</param>
    private SchemaPlace? Walk(JsonElement place, string pointer, string from)
    {
        if (_walks++ >= OpenApiLimits.Walks) return null;
        string[] steps = pointer[1..].Split('/', OpenApiLimits.PointerSteps + 1);
        if (steps.Length > OpenApiLimits.PointerSteps) return null;
        for (int i = 0; i < steps.Length; i++)
        {
            if (i > 0) from = SchemaResources.BaseOf(from, place, IsModern);
            string key = Unescaped(steps[i]);
            if (place.ValueKind == JsonValueKind.Array && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
                && at < place.GetArrayLength()) place = place[at];
            else if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(key, out place)) return null;
        }

        return new SchemaPlace(place, from);
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
