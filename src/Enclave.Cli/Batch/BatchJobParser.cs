using System.Text.Json;

namespace Enclave.Cli.Batch;

/// <summary>Reads a line of a batch as a job. Unknown members are ignored, so that lines can carry notes; unknown options are refused.</summary>
internal static class BatchJobParser
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 128 };

    /// <exception cref="BatchLineException">It is not a job. The message says why.</exception>
    public static BatchJob Parse(string line)
    {
        BatchId id = BatchId.None;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, s_options);
            JsonElement job = document.RootElement;
            if (job.ValueKind != JsonValueKind.Object) throw new FormatException("a job must be a JSON object");
            id = Id(job);
            var members = new JobMembers(job);
            members.CheckParse();
            return new BatchJob
            {
                Id = id,
                Code = JobMembers.Member(job, "code") is { ValueKind: JsonValueKind.String } code
                ? code.GetString()!
                : throw new FormatException("code is missing or not a string"),
                Operation = members.Operation,
                Level = members.Level,
                Preset = members.Preset,
                Language = members.Language,
                Validate = members.Validate,
                Run = new RunOptions
                {
                    Timeout = members.Timeout,
                    MemoryLimit = members.Bytes("memoryLimit"),
                    MaxIterations = members.Count("maxIterations"),
                    MaxToolCalls = members.Count("maxToolCalls"),
                    MaxConsoleCalls = members.Count("maxConsoleCalls"),
                    MaxConsoleBytes = members.Bytes("maxConsoleOutputBytes"),
                    Globals = members.Globals,
                    Context = job.TryGetProperty("tools", out JsonElement tools) ? ToolAnswers.Parse(tools) : null,
                },
            };
        }
        catch (JsonException fault)
        {
            // The exception's own message counts lines within this one.
            throw new BatchLineException($"not JSON, at byte {fault.BytePositionInLine}: {fault.Message.Split(" LineNumber:", 2)[0]}", id);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new BatchLineException(fault.Message, id);
        }
    }

    private static BatchId Id(JsonElement job) => JobMembers.Member(job, "id") switch
    {
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } id => new BatchId(id.GetRawText()),
        null => throw new FormatException("id is missing"),
        _ => throw new FormatException("id must be a string or a number"),
    };
}
