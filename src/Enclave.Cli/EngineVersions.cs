using System.Text.Json;
using Enclave.Workers;

namespace Enclave.Cli;

/// <summary>What the engine's own note says it is, as written when it was built.</summary>
internal sealed record EngineVersions(string V8, string Node)
{
    /// <summary>Null when there is no engine, or it has no note.</summary>
    public static EngineVersions? Find()
    {
        try
        {
            return Read(EngineFiles.Find(null).EngineDirectory);
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    public static EngineVersions? Read(string engineDirectory)
    {
        try
        {
            using JsonDocument note = JsonDocument.Parse(File.ReadAllText(Path.Combine(engineDirectory, "engine.json")));
            return new EngineVersions(note.RootElement.GetProperty("v8").GetString()!, note.RootElement.GetProperty("node").GetString()!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
