using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Host.Tests.Models;
using Enclave.Host.Tests.Schemas;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>
/// Documents from elsewhere: the examples of npm's @readme/oas-examples, among them the pet stores,
/// the USPTO's, Star Trek's, and many with circular references.
/// </summary>
public sealed class PublicDocumentTests : IDisposable
{
    private static readonly string s_examples = Path.Combine(Repository.Root, "artifacts", "npm", "openapi-interop", "node_modules", "@readme", "oas-examples");
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    // One for each pattern of the documents.
    private static readonly string[] s_texts =
    [
        "text", new string('a', 24), new string('0', 32), "aTEXTb", "2020-01-01", "stable", "a.json", "#fff", "rdme_a", "/projects/me",
        $"/projects/me/apikeys/{new string('a', 24)}", $"/images/{new string('a', 24)}", "/changelogs/a", "/branches/stable", "/branches/stable/guides/a",
        "/branches/stable/categories/guides/a", "/branches/stable/apis/a.json", "/branches/stable/custom_pages/a", "/branches/stable/recipes/a",
    ];

    private readonly ServiceBench _bench = new();

    public static TheoryData<string> Documents => Directory.Exists(s_examples)
        ? [.. ((string[])["3.0", "3.1"]).SelectMany((version) => Directory.EnumerateFiles(Path.Combine(s_examples, version, "json"), "*.json",
            SearchOption.AllDirectories)).Select((file) => Path.GetRelativePath(s_examples, file)).Order(StringComparer.Ordinal)]
        : ["(not installed)"];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_operation_is_a_tool_that_can_be_called_or_is_told_why_not(string document)
    {
        Need();
        string text = await File.ReadAllTextAsync(Path.Combine(s_examples, document));
        using JsonDocument read = JsonDocument.Parse(text);
        string[] operations = [.. Operations(read.RootElement)];

        OpenApiService service = await _bench.Load(text);

        Assert.Equal(operations.Length, service.Tools.Count + service.Skipped.Count);
        foreach (ToolDefinition tool in service.Tools)
        {
            int before = _bench.Requests.Count;
            JsonNode schema = tool.ArgumentsSchema;
            ScriptValue sample = ScriptValue.From(Sample(schema, schema, 0));
            if (tool.Name.Contains("ncompatible", StringComparison.Ordinal))
            {
                // Nothing is both a text and a number.
                await Assert.ThrowsAsync<ToolException>(() => _bench.Call(service, tool.Name, sample));
                continue;
            }

            await _bench.Call(service, tool.Name, sample);
            Assert.Equal(before + 1, _bench.Requests.Count);
            Asked asked = _bench.Requests[^1];
            Assert.Equal(("https", "api.example"), (asked.Address.Scheme, asked.Address.Host));
            Assert.DoesNotContain("{", asked.Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Their_declarations_for_models_compile()
    {
        Need();
        var programs = new List<(string, string)>();
        foreach (string document in Documents.Select((row) => row.Data))
        {
            OpenApiService service = await _bench.Load(await File.ReadAllTextAsync(Path.Combine(s_examples, document)));
            var options = new EnclaveOptions();
            options.Tools.Add(service);
            await using var host = new EnclaveHost(options);
            programs.Add((host.DescribeForModel(), "return 1"));
        }

        string[][] faults = await TypeScriptCompiler.Check([.. programs]);

        Assert.True(programs.Count > 40, $"{programs.Count} documents");
        Assert.All(faults.Zip(Documents), (one) => Assert.True(one.First.Length == 0, $"{one.Second}: {string.Join("; ", one.First)}"));
    }

    [Fact]
    public async Task The_pet_store_is_as_everybody_knows_it()
    {
        Need();
        OpenApiService service = await _bench.Load(
            await File.ReadAllTextAsync(Path.Combine(s_examples, "3.0", "json", "petstore.json")),
            (options) => options with
            {
                Name = "pets",
                BaseAddress = null,
                AllowHttp = true,
                Secrets = new Dictionary<string, string> { ["api_key"] = "KEY" },
            });
        _bench.Secrets["KEY"] = "special-key";

        await _bench.Call(service, "pets:getPetById", """{ "petId": 10 }""");
        await _bench.Call(service, "pets:findPetsByStatus", """{ "status": ["available", "sold"] }""");
        await _bench.Call(service, "pets:addPet", """{ "body": { "name": "doggie", "photoUrls": [], "category": { "name": "dogs" } } }""");

        Assert.Equal("http://petstore.swagger.io/v2/pet/10", _bench.Requests[0].Address.AbsoluteUri);
        Assert.Equal("special-key", _bench.Requests[0].Headers["api_key"]);
        Assert.Equal("?status=available&status=sold", _bench.Requests[1].Query);
        Assert.Equal("""{"name":"doggie","photoUrls":[],"category":{"name":"dogs"}}""", _bench.Requests[2].Body);
        var refused = await Assert.ThrowsAsync<ToolException>(() => _bench.Call(service, "pets:findPetsByStatus", """{ "status": ["stolen"] }"""));
        Assert.Equal("the arguments of pets:findPetsByStatus do not fit: $.status[0] is \"stolen\"; expected one of \"available\", \"pending\", \"sold\"",
            refused.Message);
        Assert.Equal(["petId", "body"], ((JsonObject)service.Tools.Single((tool) => tool.Name == "pets:uploadFile").ArgumentsSchema["properties"]!)
            .Select((member) => member.Key));
    }

    private static void Need()
    {
        if (!Directory.Exists(s_examples)) Assert.Skip($"{s_examples} is not there: ./test.sh installs it");
    }

    private static IEnumerable<string> Operations(JsonElement root)
    {
        if (!root.TryGetProperty("paths", out JsonElement paths)) yield break;
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            JsonElement item = path.Value.TryGetProperty("$ref", out JsonElement reference) ? Find(root, reference.GetString()!) : path.Value;
            foreach (string method in s_methods)
            {
                if (item.TryGetProperty(method, out _)) yield return $"{method} {path.Name}";
            }
        }
    }

    private static JsonElement Find(JsonElement root, string pointer)
    {
        foreach (string step in pointer.Split('/').Skip(1))
            root = root.GetProperty(Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return root;
    }

    /// <summary>The first of several forms, which may only say what is required of an object that is described beside them.</summary>
    private static JsonNode? WithFirst(JsonObject node, JsonArray forms)
    {
        if (!node.ContainsKey("properties") || forms[0] is not JsonObject form) return forms[0];
        var both = (JsonObject)node.DeepClone();
        both.Remove("anyOf");
        IEnumerable<JsonNode?> required = (node["required"] as JsonArray ?? []).Concat(form["required"] as JsonArray ?? []);
        both["required"] = new JsonArray([.. required.Select((name) => name?.DeepClone())]);
        return both;
    }

    /// <summary>A value that fits, with the required members only.</summary>
    private static JsonNode? Sample(JsonNode? schema, JsonNode root, int depth)
    {
        if (schema is not JsonObject node || depth > 12) return "text";
        if ((string?)node["$ref"] is { } reference) return Sample(root["$defs"]![reference["#/$defs/".Length..]], root, depth + 1);
        if (node["enum"] is JsonArray members) return members[0]?.DeepClone();
        if (node["const"] is { } only) return only.DeepClone();
        if (node["allOf"] is JsonArray parts)
        {
            JsonNode?[] samples = [.. parts.Select((part) => Sample(part, root, depth + 1))];
            return Array.TrueForAll(samples, (sample) => sample is JsonObject)
                ? new JsonObject(samples.SelectMany((sample) => sample!.AsObject()).DistinctBy((member) => member.Key)
                    .Select((member) => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))
                : samples[0];
        }

        if (node["anyOf"] is JsonArray branches) return Sample(WithFirst(node, branches), root, depth + 1);
        // Some documents have texts as the defaults of numbers.
        bool isNumber = node["type"] is JsonValue one && (string?)one is "integer" or "number";
        if (node["default"] is { } given && !(isNumber && given.GetValueKind() == JsonValueKind.String)) return given.DeepClone();
        if ((string?)node["pattern"] is { } pattern) return s_texts.FirstOrDefault((text) => HeldSchema.IsIn(pattern, text)) ?? pattern;
        string? type = node["type"] is JsonArray several ? (string?)several[0] : (string?)node["type"];
        if (type is null && node.ContainsKey("properties")) type = "object";
        switch (type)
        {
            case "integer" or "number": return node["minimum"]?.DeepClone() ?? node["maximum"]?.DeepClone() ?? 1;
            case "boolean": return true;
            case "null": return null;
            case "array": return new JsonArray(Sample(node["items"], root, depth + 1));
            case "object":
                var value = new JsonObject();
                foreach (JsonNode? name in node["required"] as JsonArray ?? [])
                    value[(string)name!] = Sample(node["properties"]?[(string)name!], root, depth + 1);
                // An empty text would be an empty segment in a path.
                if (value.Count > 0 || node["additionalProperties"] is not null) return value;
                foreach ((string name, JsonNode? member) in (node["properties"] as JsonObject ?? new JsonObject { ["any"] = null }).Take(1))
                    value[name] = Sample(member, root, depth + 1);
                return value;
            default:
                int least = (int?)node["minLength"] ?? 0;
                return "text".PadRight(least, 't')[..Math.Min((int?)node["maxLength"] ?? int.MaxValue, Math.Max(4, least))];
        }
    }
}
