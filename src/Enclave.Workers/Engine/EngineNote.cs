using System.Globalization;
using System.Text.Json;

namespace Enclave.Engine;

/// <summary>The engine's description of itself (engine.json), written when it was built.</summary>
/// <param name="V8">The version of V8.</param>
/// <param name="Node">The Node release that it comes from.</param>
/// <param name="Released">The day of that release; null in an older file.</param>
internal sealed record EngineNote(string V8, string Node, DateOnly? Released)
{
    /// <summary>Fixes of V8 reach a Node release within days. Two months without one deserve a look.</summary>
    public static TimeSpan OldAge { get; } = TimeSpan.FromDays(60);

    /// <summary>Returns the age of the release; null if the note has no date.</summary>
    public TimeSpan? Age(DateTimeOffset now) => Released is { } day ? now.UtcDateTime - day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) : null;

    /// <summary>Null if there is no engine, or no such file.</summary>
    public static EngineNote? Find(string? engineDirectory = null)
    {
        try
        {
            return Read(EngineFiles.Find(engineDirectory).EngineDirectory);
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Returns the note in this folder; null if there is none that can be read.</summary>
    public static EngineNote? Read(string engineDirectory)
    {
        try
        {
            using JsonDocument note = JsonDocument.Parse(File.ReadAllText(Path.Combine(engineDirectory, "engine.json")));
            bool dated = note.RootElement.TryGetProperty("released", out JsonElement released);
            return new EngineNote(
                note.RootElement.GetProperty("v8").GetString()!,
                note.RootElement.GetProperty("node").GetString()!,
                dated && DateOnly.TryParseExact(released.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
                ? day
                : null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
