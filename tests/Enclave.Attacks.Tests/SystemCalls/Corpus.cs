using System.Reflection;
using System.Text.Json;
using Enclave.Attacks.Tests.Escapes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.SystemCalls;

/// <summary>All programs in this repository: escapes, bombs, real conformance files, recorded programs.</summary>
internal static class Corpus
{
    /// <summary>The folder of scripts that attack the host's time and memory.</summary>
    private static readonly Type[] s_hostile = [typeof(MemoryTests), typeof(TimeTests), typeof(OutputTests), typeof(InputTests)];

    /// <summary>The programs of one source, or the reason why there are none.</summary>
    public static IReadOnlyList<string> Of(string source) => source switch
    {
        "escapes" => [.. EscapeTable.All.Select((attack) => attack.Code)],
        "hostile" => [.. s_hostile.SelectMany((type) => type.GetMethods())
            .SelectMany((method) => method.GetCustomAttributesData())
            .Where((data) => data.AttributeType == typeof(InlineDataAttribute)).Select(Code).OfType<string>()],
        "conformance" => Conformance(),
        "recorded" => Recorded(),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };

    public static string[] Sources => ["escapes", "hostile", "conformance", "recorded"];

    /// <summary>The last text among a theory's arguments, behind names and levels.</summary>
    private static string? Code(CustomAttributeData data) =>
        data.ConstructorArguments is [{ Value: IReadOnlyList<CustomAttributeTypedArgument> values }]
            ? values.Select((value) => value.Value).OfType<string>().LastOrDefault()
            : null;

    private static string[] Conformance()
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "npm", "javascript", "node_modules", "test262-parser-tests", "pass");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText)] : [];
    }

    private static string[] Recorded()
    {
        string file = Path.Combine(SharedFolder.Path, "cases", "agentscript.jsonl");
        return File.Exists(file) ? [.. File.ReadLines(file).Select((line) => JsonDocument.Parse(line).RootElement)
            .Select((line) => line.TryGetProperty("code", out JsonElement code) ? code.GetString() : null).OfType<string>()] : [];
    }
}
