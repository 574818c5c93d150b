using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Host.Tests.Models;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>A program that calls tools and works, with the tools that it was written for.</summary>
/// <param name="Name">Where it is from.</param>
/// <param name="Code">Its text.</param>
/// <param name="Language">Its language; null for either.</param>
/// <param name="Tools">Its tools.</param>
internal sealed record CallProgram(string Name, string Code, ScriptLanguage? Language, ToolCollection Tools);

/// <summary>The programs of the repository that call tools: those that models wrote, the samples, the recorded ones.</summary>
internal static class CallPrograms
{
    private static readonly string s_cases =
        Environment.GetEnvironmentVariable("ENCLAVE_CASES") ?? Path.Combine(SharedFolder.Path, "cases", "agentscript.jsonl");

    /// <summary>False where only the programs of this repository are here.</summary>
    public static bool HasRecorded => File.Exists(s_cases);

    public static IEnumerable<CallProgram> All() => [.. Answers(), .. Samples(), .. Recorded()];

    private static IEnumerable<CallProgram> Answers()
    {
        var tools = new ToolCollection();
        AnswerTools.AddTo(tools);
        foreach (Answer answer in AnswerTable.All)
        {
            ModelProgram program = ModelText.ExtractProgram(answer.Text);
            // The last word of an answer that cannot run is not a working program.
            bool works = program.Success && Calls(program.Source) && answer.Value != AnswerTable.Nothing;
            if (works) yield return new(answer.Name, program.Source!, program.Language, tools);
        }
    }

    private static IEnumerable<CallProgram> Samples()
    {
        var tools = new ToolCollection()
            .Add("text:upper", (string text) => text.ToUpperInvariant())
            .Add("packages", Json("""{"type":"object","additionalProperties":false}"""), (args, context, token) => new(""), Json("""{"type":"string"}"""))
            .Add("shop:price", (string fruit) => 1.5)
            .Add("sales:query", () => new[] { new Sale("north", 1) })
            .Add("files:read_text_file", Json("""
                {"type":"object","properties":{"path":{"type":"string"},"tail":{"type":"number"},"head":{"type":"number"}},"required":["path"]}
                """), (args, context, token) => new(1), Json("""{"type":"object","properties":{"content":{"type":"string"}},"required":["content"]}"""))
            .Add("memory:create_entities", Json("""
                {"type":"object","properties":{"entities":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},
                "entityType":{"type":"string"},"observations":{"type":"array","items":{"type":"string"}}},"required":["name","entityType","observations"],
                "additionalProperties":false}}},"required":["entities"],"additionalProperties":false}
                """), (args, context, token) => new(1));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.js", SearchOption.AllDirectories))
        {
            string code = File.ReadAllText(file);
            bool isOurs = !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal);
            if (isOurs && Calls(code) && !file.Contains("nosy", StringComparison.Ordinal)) yield return new(Path.GetFileName(file), code, null, tools);
        }

        foreach (string sample in (string[])["agent-loop", "code-mode"])
        {
            // The last text between three quotes is the program that works.
            string[] parts = File.ReadAllText(Path.Combine(Repository.Root, "samples", sample, "ScriptedModel.cs")).Split("\"\"\"");
            string code = parts[^2].Replace("{{folder}}", "/data", StringComparison.Ordinal);
            ModelProgram program = ModelText.ExtractProgram(code);
            yield return new(sample, program.Success ? program.Source : code, null, tools);
        }
    }

    /// <summary>Recorded programs have no schemas. What their tools took and gave shows them.</summary>
    private static IEnumerable<CallProgram> Recorded()
    {
        if (!HasRecorded) yield break;
        foreach (string line in File.ReadLines(s_cases))
        {
            JsonElement one = JsonDocument.Parse(line).RootElement;
            string code = one.GetProperty("code").GetString()!;
            bool works = one.GetProperty("expect").GetProperty("kind").GetString() == "success";
            if (!works || !Calls(code) || one.GetProperty("tools").ValueKind != JsonValueKind.Array) continue;
            if (!one.GetProperty("tools").EnumerateArray().All((call) => IsName(call.GetProperty("name").GetString()!))) continue;
            yield return new(one.GetProperty("id").GetString()!, code, null, ToolsOf(one.GetProperty("tools")));
        }
    }

    private static bool IsName(string name) => char.IsAsciiLetter(name[0]) && name.All((c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');

    private static ToolCollection ToolsOf(JsonElement recorded)
    {
        var tools = new ToolCollection();
        foreach (IGrouping<string, JsonElement> tool in recorded.EnumerateArray().GroupBy((call) => call.GetProperty("name").GetString()!))
        {
            JsonElement[] given = [.. tool.Where((call) => call.TryGetProperty("args", out _)).Select((call) => call.GetProperty("args"))];
            JsonElement[] returned = [.. tool.Where((call) => call.TryGetProperty("returns", out _)).Select((call) => call.GetProperty("returns"))];
            if (given.Length == 0) continue;
            tools.Add(tool.Key, Json(SchemaOf(given)), (args, context, token) => new(1), returned.Length == 0 ? null : Json(SchemaOf(returned)));
        }

        return tools;
    }

    /// <summary>The narrowest schema that these values fit.</summary>
    private static JsonObject SchemaOf(JsonElement[] values)
    {
        string[] types = [.. values.Select(TypeOf).Distinct(StringComparer.Ordinal)];
        if (types.Contains("number")) types = [.. types.Except(["integer"])];
        if (types is not [var type]) return types.Length == 0 ? [] : new JsonObject { ["type"] = new JsonArray([.. types.Select((name) => (JsonNode)name)]) };
        var schema = new JsonObject { ["type"] = type };
        if (type == "array") schema["items"] = SchemaOf([.. values.SelectMany((value) => value.EnumerateArray())]);
        if (type != "object") return schema;
        IGrouping<string, JsonElement>[] members =
            [.. values.SelectMany((value) => value.EnumerateObject()).GroupBy((member) => member.Name, (member) => member.Value, StringComparer.Ordinal)];
        schema["properties"] = new JsonObject(members.Select((member) => KeyValuePair.Create<string, JsonNode?>(member.Key, SchemaOf([.. member]))));
        schema["required"] = new JsonArray([.. members.Where((member) => member.Count() == values.Length).Select((member) => (JsonNode)member.Key)]);
        schema["additionalProperties"] = false;
        return schema;
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble() == Math.Floor(value.GetDouble()) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };

    private static bool Calls(string code) =>
        code.Contains("callTool(", StringComparison.Ordinal) || code.Contains("tools.", StringComparison.Ordinal);

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private static JsonElement Json(JsonObject schema) => JsonElement.Parse(schema.ToJsonString());

    private sealed record Sale(string Region, double Amount);
}
