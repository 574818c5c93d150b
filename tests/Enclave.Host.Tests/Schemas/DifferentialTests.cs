using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.JavaScript.Tests;
using Enclave.Protocol;
using Enclave.Tests;
using Json.Schema;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Ours beside npm's ajv and NuGet's JsonSchema.Net, on generated schemas and values.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const string Draft7 = "http://json-schema.org/draft-07/schema#", Draft2020 = "https://json-schema.org/draft/2020-12/schema";

    // A line for each pair. Schemas come in runs of equal ones.
    private const string Ajv = """
        const base = process.env.ENCLAVE_AJV;
        const options = { strict: false, validateFormats: false, validateSchema: false, logger: false };
        const ajv = { [true]: new (require(base + '/dist/2020').default)(options), [false]: new (require(base).default)(options) };
        let last, check;
        const answers = input.trimEnd().split('\n').map((line) => {
          const [schema, value] = JSON.parse(line);
          const text = JSON.stringify(schema);
          if (text !== last) {
            const one = ajv[schema.$schema.includes('2020-12')];
            if (check) one.removeSchema(check.schema);
            check = one.compile(schema);
            last = text;
          }
          return check(value) ? 1 : 0;
        });
        process.stdout.write(answers.join(''));
        """;

    [Fact]
    public async Task All_three_say_the_same_of_every_generated_pair()
    {
        string package = Path.Combine(Repository.Root, "artifacts", "npm", "javascript", "node_modules", "ajv");
        if (!Directory.Exists(package)) Assert.Skip($"{package} is not there: ./test.sh installs it");
        const int PerSchema = 10;
        int schemas = TestSize.Of(300, 5_000);
        var random = new SchemaGenerator(20_261_124);
        var lines = new List<string>();
        var mine = new List<bool>();
        var theirs = new List<bool>();
        for (int i = 0; i < schemas; i++)
        {
            JsonObject schema = random.Schema();
            schema["$schema"] = i % 2 == 0 ? Draft2020 : Draft7;
            using JsonDocument read = JsonDocument.Parse(schema.ToJsonString());
            HeldSchema held = HeldSchema.Of(read.RootElement, out string why) ?? throw new InvalidOperationException($"{schema.ToJsonString()}: {why}");
            JsonSchema library = Library(schema);
            for (int k = 0; k < PerSchema; k++)
            {
                string value = random.Value(schema)?.ToJsonString() ?? "null";
                using JsonDocument data = JsonDocument.Parse(value);
                mine.Add(held.Fits(ScriptValue.From(data.RootElement)));
                theirs.Add(library.Evaluate(data.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.Flag }).IsValid);
                lines.Add($"[{schema.ToJsonString()},{value}]");
            }
        }

        string ajv = await PinnedNode.Run(Ajv.Replace("process.env.ENCLAVE_AJV", JsonSerializer.Serialize(package), StringComparison.Ordinal),
            string.Join('\n', lines));

        string[] differ = [.. Enumerable.Range(0, lines.Count).Where((i) => mine[i] != (ajv[i] == '1') || mine[i] != theirs[i])
            .Select((i) => $"ours {mine[i]}, ajv {ajv[i] == '1'}, JsonSchema.Net {theirs[i]}: {lines[i]}")];
        output.WriteLine($"{lines.Count} pairs, {mine.Count((fits) => fits)} of them fit, {differ.Length} differ");
        Assert.True(differ.Length == 0, string.Join('\n', differ.Take(30)));
        // The generator asks about both answers.
        Assert.InRange(mine.Count((fits) => fits), lines.Count / 5, lines.Count * 4 / 5);
    }

    /// <summary>Where the others differ from us, with the clause that decides. None of these is generated above.</summary>
    [Theory]
    [InlineData("2020-12 validation 6.2.1: the division gives an integer", """{ "multipleOf": 0.1 }""", "0.3", true, false, true)]
    [InlineData("draft 7 core 8.3: keywords beside a reference are ignored", """{ "$schema": "http://json-schema.org/draft-07/schema#", "definitions": """ +
        """{ "a": {} }, "properties": { "v": { "$ref": "#/definitions/a", "type": "string" } } }""", """{ "v": 1 }""", true, false, true)]
    [InlineData("2020-12 validation 6.2.1: the division gives an integer", """{ "multipleOf": 3 }""", "1e20", false, true, false)]
    [InlineData("2020-12 core 6.4: a pattern is one of ECMA-262, with Unicode", """{ "pattern": "^.$" }""", "\"\U0001F600\"", true, true, false)]
    public async Task A_difference_has_its_clause(string clause, string schema, string value, bool mine, bool ajvs, bool librarys)
    {
        string package = Path.Combine(Repository.Root, "artifacts", "npm", "javascript", "node_modules", "ajv");
        if (!Directory.Exists(package)) Assert.Skip($"{package} is not there: ./test.sh installs it");
        JsonObject whole = JsonNode.Parse(schema)!.AsObject();
        if (!whole.ContainsKey("$schema")) whole["$schema"] = Draft2020;
        using JsonDocument read = JsonDocument.Parse(whole.ToJsonString()), data = JsonDocument.Parse(value);
        JsonSchema library = Library(whole);

        Assert.Equal(mine, HeldSchema.Of(read.RootElement, out _)!.Fits(ScriptValue.From(data.RootElement)));
        string answer = await PinnedNode.Run(Ajv.Replace("process.env.ENCLAVE_AJV", JsonSerializer.Serialize(package), StringComparison.Ordinal),
            $"[{whole.ToJsonString()},{value}]");
        output.WriteLine(clause);
        Assert.Equal(ajvs ? "1" : "0", answer);
        Assert.Equal(librarys, library.Evaluate(data.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.Flag }).IsValid);
    }

    private static JsonSchema Library(JsonObject schema) => JsonSchema.FromText(schema.ToJsonString(), new BuildOptions
    {
        SchemaRegistry = new SchemaRegistry(),
        Dialect = (string?)schema["$schema"] == Draft7 ? Dialect.Draft07 : Dialect.Draft202012,
    });
}
