using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The programs recorded from the documented product, with their globals.</summary>
internal static class RecordedPrograms
{
    public static string File { get; } = Environment.GetEnvironmentVariable("ENCLAVE_CASES") ?? Path.Combine(SharedFolder.Path, "cases", "agentscript.jsonl");

    public static bool AreHere => System.IO.File.Exists(File);

    public static IReadOnlyList<ScriptJob> All() => [.. System.IO.File.ReadLines(File).Select((line) => Job(JsonDocument.Parse(line).RootElement))];

    private static ScriptJob Job(JsonElement json)
    {
        JsonElement options = json.GetProperty("options");
        object? globals = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("globals", out JsonElement given) ? given : null;
        return new ScriptJob(json.GetProperty("code").GetString()!) { Globals = globals };
    }
}
