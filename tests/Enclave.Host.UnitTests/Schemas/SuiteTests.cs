using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>
/// The test suite of JSON Schema (github.com/json-schema-org/JSON-Schema-Test-Suite, commit 44401e0c, MIT): all required tests of two drafts, and the
/// optional ones about numbers, patterns and dependencies.
/// </summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    // Core 8.1.2: a schema may name a meta-schema that takes keywords their meaning. Nothing is fetched, so they keep it.
    private const string OwnVocabulary = "vocabulary: schema that uses custom metaschema with with no validation vocabulary";

    // What a host refuses where it registers the schema, by the file and the reason.
    private static readonly (string Reason, string File)[] s_refused =
    [
        ("leads nowhere in it", "defs, definitions, dynamicRef, ref, refRemote"),
        ("its keyword $dynamicRef cannot be checked", "dynamicRef, defs, unevaluatedItems, unevaluatedProperties"),
        ("its enum has no members", "enum"),
        ("is no regular expression of JavaScript that can be checked", "optional/ecmascript-regex, pattern"),
    ];

    [Theory]
    [InlineData("draft7", "http://json-schema.org/draft-07/schema#")]
    [InlineData("draft2020-12", "https://json-schema.org/draft/2020-12/schema")]
    public void What_the_suite_says_is_what_the_check_says(string draft, string uri)
    {
        var wrong = new List<string>();
        (int agreed, int refused) = (0, 0);
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Schemas", "Suite", $"{draft}.ndjson")))
        {
            JsonNode group = JsonNode.Parse(line)!;
            string name = $"{group["file"]}: {group["description"]}";
            if (group["schema"] is JsonObject schema) schema["$schema"] = uri;
            using JsonDocument read = JsonDocument.Parse(group["schema"]!.ToJsonString());
            HeldSchema? held = HeldSchema.Of(read.RootElement, out string why);
            if (held is null)
            {
                refused++;
                bool isKnown = s_refused.Any((known) => why.Contains(known.Reason, StringComparison.Ordinal)
                    && known.File.Split(", ").Contains((string)group["file"]!));
                if (!isKnown) wrong.Add($"{name}: refused: {why}");
                continue;
            }

            foreach (JsonNode? test in group["tests"]!.AsArray())
            {
                // Values of scripts have no members of these names.
                string data = test!["data"]?.ToJsonString() ?? "null";
                if (data.Contains("__proto__", StringComparison.Ordinal) || data.Contains("constructor", StringComparison.Ordinal)) continue;
                using JsonDocument value = JsonDocument.Parse(data);
                if (name == OwnVocabulary) continue;
                if (held.Fits(ScriptValue.From(value.RootElement)) == (bool)test["valid"]!) agreed++;
                else wrong.Add($"{name}: {test["description"]}: {data} should be {((bool)test["valid"]! ? "valid" : "invalid")}");
            }
        }

        output.WriteLine($"{draft}: {agreed} tests agree, {refused} schemas are refused");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(agreed, 800, 2_000);
    }
}
