using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Captures;

/// <summary>The recordings of the documented product. Their folder is beside the checkout, or named by ENCLAVE_SHARED.</summary>
internal static class CaptureFiles
{
    private static string Folder { get; } =
        Path.Combine(SharedFolder.Path, "wire-captures");

    /// <summary>The lines of a recording without its heading. Skips the test if there is no recording.</summary>
    public static JsonElement[] Read(string name)
    {
        string file = Path.Combine(Folder, $"{name}.jsonl");
        Assert.SkipUnless(File.Exists(file), $"{file} is not here");
        return [.. File.ReadLines(file).Select((line) => JsonDocument.Parse(line).RootElement)
            .Where((entry) => !entry.TryGetProperty("kind", out JsonElement kind) || kind.GetString() != "meta")];
    }
}
