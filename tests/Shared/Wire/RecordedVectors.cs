using System.Text.Json;

namespace Enclave.Tests;

/// <summary>Inputs with the documented product's recorded outcome.</summary>
internal static class RecordedVectors
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = true };

    private static string Folder { get; } =
        Path.Combine(SharedFolder.Path, "wire-captures");

    /// <summary>All entries of a file without its heading. Skips the test if the files are missing.</summary>
    public static IReadOnlyList<JsonElement> Of(string name)
    {
        string file = Path.Combine(Folder, $"vectors-{name}.jsonl");
        Assert.SkipUnless(File.Exists(file), $"{file} is not here");
        return [.. File.ReadLines(file).Select((line) => JsonElement.Parse(line, s_options)).Where((entry) => entry.Text("kind") != "meta")];
    }

    /// <summary>The recorded traffic: the entries of each file, by its name. Skips the test if the files are missing.</summary>
    public static IEnumerable<(string Name, JsonElement[] Entries)> Traffic()
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"{Folder} is not here");
        return Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal)
            .Where((file) => !file.EndsWith(".raw.jsonl", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("vectors-", StringComparison.Ordinal))
            .Select((file) => (Path.GetFileNameWithoutExtension(file), File.ReadLines(file).Select((line) => JsonElement.Parse(line, s_options)).ToArray()));
    }

    public static IEnumerable<JsonElement> Of(string name, string kind) => Of(name).Where((entry) => entry.Text("kind") == kind);

    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public static byte[] Hex(this JsonElement json, string name) => Convert.FromHexString(json.GetProperty(name).GetString()!);
}
