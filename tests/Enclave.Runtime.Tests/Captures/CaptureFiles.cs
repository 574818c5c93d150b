using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Captures;

/// <summary>What was recorded of the documented product; the folder is beside the checkout, or where ENCLAVE_SHARED says.</summary>
internal static class CaptureFiles
{
    private static string Folder { get; } =
        Path.Combine(SharedFolder.Path, "wire-captures");

    /// <summary>The lines of a recording but its heading. Skips the test where it is not.</summary>
    public static JsonElement[] Read(string name)
    {
        string file = Path.Combine(Folder, $"{name}.jsonl");
        Assert.SkipUnless(File.Exists(file), $"{file} is not here");
        return [.. File.ReadLines(file).Select((line) => JsonDocument.Parse(line).RootElement).Where((entry) => !entry.TryGetProperty("kind", out JsonElement kind) || kind.GetString() != "meta")];
    }
}
