using System.Text.Json;
using Enclave.Cli.Options;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>Reads a line of a batch as a job. Members it does not know are left alone, so that lines can carry notes.</summary>
internal static class BatchJobParser
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 128 };

    private static readonly double s_longestMs = TimeSpan.FromDays(365).TotalMilliseconds;

    /// <exception cref="BatchLineException">It is no job; the message says why.</exception>
    public static BatchJob Parse(string line)
    {
        BatchId id = BatchId.None;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, s_options);
            JsonElement job = document.RootElement;
            if (job.ValueKind != JsonValueKind.Object) throw new FormatException("a job is a JSON object");
            id = Id(job);
            return new BatchJob
            {
                Id = id,
                Code = Find(job, "code") is { ValueKind: JsonValueKind.String } code ? code.GetString()! : throw new FormatException("code is missing or no string"),
                Level = Level(job),
                Timeout = Timeout(job),
                MemoryLimit = MemoryLimit(job),
                MaxIterations = Count(job, "maxIterations"),
                MaxToolCalls = Count(job, "maxToolCalls"),
                Globals = Globals(job),
                Tools = job.TryGetProperty("tools", out JsonElement tools) ? ToolAnswers.Parse(tools) : null,
            };
        }
        catch (JsonException fault)
        {
            // Its own message counts lines within this one.
            throw new BatchLineException($"not JSON, at byte {fault.BytePositionInLine}: {fault.Message.Split(" LineNumber:", 2)[0]}", id);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new BatchLineException(fault.Message, id);
        }
    }

    private static BatchId Id(JsonElement job) => Find(job, "id") switch
    {
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } id => new BatchId(id.GetRawText()),
        null => throw new FormatException("id is missing"),
        _ => throw new FormatException("id is neither a string nor a number"),
    };

    private static SecurityLevel? Level(JsonElement job) => Find(job, "level") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } name when Levels.TryParse(name.GetString()!, out SecurityLevel level) => level,
        { } other => throw new FormatException($"level is {other.GetRawText()}; it takes {Levels.Form}"),
    };

    private static TimeSpan? Timeout(JsonElement job) => Find(job, "timeout") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => TimeSpan.FromMilliseconds(Math.Clamp(number.GetDouble(), -s_longestMs, s_longestMs)),
        { ValueKind: JsonValueKind.String } text when Durations.TryParse(text.GetString()!, bareUnitMilliseconds: 1, out TimeSpan time) => time,
        { } other => throw new FormatException($"timeout is {other.GetRawText()}; it takes milliseconds as a number, or {Durations.Form}"),
    };

    private static long? MemoryLimit(JsonElement job) => Find(job, "memoryLimit") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => (long)Math.Clamp(number.GetDouble(), -1, 1L << 50),
        { ValueKind: JsonValueKind.String } text when ByteSizes.TryParse(text.GetString()!, bareUnitBytes: 1, out long bytes) => bytes,
        { } other => throw new FormatException($"memoryLimit is {other.GetRawText()}; it takes bytes as a number, or {ByteSizes.Form}"),
    };

    private static int? Count(JsonElement job, string name) => Find(job, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int count) => count,
        { } other => throw new FormatException($"{name} is {other.GetRawText()}; it takes a whole number"),
    };

    private static Dictionary<string, object?> Globals(JsonElement job)
    {
        var globals = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (Find(job, "globals") is not { } given) return globals;
        if (given.ValueKind != JsonValueKind.Object) throw new FormatException("globals is no object");
        foreach (JsonProperty global in given.EnumerateObject()) globals[global.Name] = ScriptValue.From(global.Value);
        return globals;
    }

    /// <summary>The member, unless it is absent or null.</summary>
    private static JsonElement? Find(JsonElement job, string name) =>
        job.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
