using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>
/// Reads results from the JSON of <see cref="ExecutionResult.WriteTo"/>. It ignores unknown members, because a newer version may write more.
/// </summary>
internal static class ResultReader
{
    private const int MaxWarnings = 1_000;

    /// <exception cref="JsonException">The JSON does not have that form.</exception>
    public static T Read<T>(ref Utf8JsonReader reader, Func<JsonElement, T> read)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException($"{typeof(T).Name} is a JSON object, not {document.RootElement.ValueKind}.");
        try
        {
            return read(document.RootElement);
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            throw new JsonException($"{typeof(T).Name}: {fault.Message}", fault);
        }
    }

    public static ExecutionResult Result(JsonElement json) => new()
    {
        Value = json.TryGetProperty("value", out JsonElement value) ? ScriptValue.From(value) : ScriptValue.Undefined,
        Error = json.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null ? Error(error) : null,
        Stdout = Text(json, "stdout") ?? "",
        Stats = json.TryGetProperty("stats", out JsonElement stats) && stats.ValueKind != JsonValueKind.Null ? Stats(stats) : new ExecutionStats(),
        RunId = Text(json, "runId"),
        PolicyVersion = Text(json, "policyVersion"),
        Script = Text(json, "script"),
        Warnings = json.TryGetProperty("warnings", out JsonElement warnings) && warnings.ValueKind == JsonValueKind.Array
            ? [.. warnings.EnumerateArray().Take(MaxWarnings).Select(GuardJson.Read)]
            : [],
    };

    public static ExecutionError Error(JsonElement json) => new()
    {
        Code = ErrorCodes.TryParse(json.GetProperty("code").GetString(), out ErrorCode code)
            ? code
            : throw new FormatException($"'{json.GetProperty("code").GetString()}' is not an error code."),
        Name = Text(json, "name") ?? code.ToCode(),
        Message = Text(json, "message") ?? "",
        Stack = Text(json, "stack"),
        Data = json.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().ToDictionary((member) => member.Name, (member) => ScriptValue.From(member.Value).ToObject(), StringComparer.Ordinal)
            : null,
    };

    public static ExecutionStats Stats(JsonElement json) => new()
    {
        Duration = Time(json, "durationMs"),
        QueueWait = Time(json, "queueWaitMs"),
        CpuTime = Time(json, "cpuTimeMs"),
        ToolTime = Time(json, "toolTimeMs"),
        ToolCallCount = (int)Count(json, "toolCallCount"),
        IterationCount = Count(json, "iterationCount"),
        PeakMemoryBytes = Count(json, "peakMemoryBytes"),
        BytesIn = Count(json, "bytesIn"),
        BytesOut = Count(json, "bytesOut"),
        WorkerId = (int)Count(json, "workerId"),
        Isolation = Text(json, "isolation") ?? "none",
    };

    /// <summary>Rounds to the nearest tick: fractions of a millisecond are rarely exact in binary, and truncation would lose a tick.</summary>
    private static TimeSpan Ticks(double milliseconds) => TimeSpan.FromTicks(checked((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)));

    private static TimeSpan Time(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? Ticks(value.GetDouble()) : TimeSpan.Zero;

    private static long Count(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
