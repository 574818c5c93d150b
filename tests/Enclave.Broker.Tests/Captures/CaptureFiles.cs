using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Captures;

/// <summary>The recordings of the documented product's broker.</summary>
internal static class CaptureFiles
{
    /// <summary>Stands for all recordings if there are none.</summary>
    public const string Absent = "(no recordings)";

    private static string Folder { get; } = Path.Combine(SharedFolder.Path, "wire-captures");

    /// <summary>The scenarios by name.</summary>
    public static string[] Names { get; } = Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "http-*.jsonl").Select((file) => Path.GetFileNameWithoutExtension(file)!)
            .Where((name) => !name.EndsWith(".raw", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Skips the test if the recordings are missing.</summary>
    public static void Need() => Assert.SkipUnless(Names.Length > 0, $"{Folder} is not here: no recording was played");

    /// <summary>The lines of a recording that went over a connection.</summary>
    public static JsonElement[] Read(string name) =>
        [.. File.ReadLines(Path.Combine(Folder, $"{name}.jsonl"))
            .Select((line) => JsonDocument.Parse(line).RootElement).Where((line) => line.TryGetProperty("conn", out _))];
}
