using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>Writes a recording as JSON.</summary>
internal static class RecordingWriter
{
    // For people to read and compare: a few lines per event, and text unescaped.
    private static readonly JsonWriterOptions s_json = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(ExecutionRecording recording) => Encoding.UTF8.GetString(ToUtf8(recording).Span);

    public static ReadOnlyMemory<byte> ToUtf8(ExecutionRecording recording)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_json)) JsonSerializer.Serialize(writer, File(recording), RecordingJson.Default.RecordingFile);
        return output.WrittenMemory;
    }

    private static RecordingFile File(ExecutionRecording recording)
    {
        RunOptions options = recording.Options;
        return new RecordingFile
        {
            Version = RecordingFile.CurrentVersion,
            Engine = recording.EngineVersion,
            Level = recording.SecurityLevel.ToString(),
            Preset = recording.Preset.ToString(),
            Validate = recording.Validate,
            Libraries = recording.Libraries.Count == 0 ? null : recording.Libraries.ToDictionary(StringComparer.Ordinal),
            Source = options.SourceName ?? RunOptions.DefaultSourceName,
            Code = new RecordedText(recording.Code),
            Script = options.SavedScript,
            Language = options.Language?.ToString(),
            HasConversation = options.Conversation is null ? null : true,
            HasLimits = options.ShowsLimits ? true : null,
            Limits = new RecordingFile.LimitsPart
            {
                TimeoutMs = Set(options.Timeout, "Timeout").TotalMilliseconds,
                CpuTimeoutMs = Set(options.CpuTimeout, "CpuTimeout").TotalMilliseconds,
                MemoryBytes = Set(options.MemoryLimit, "MemoryLimit"),
                MaxToolCalls = Set(options.MaxToolCalls, "MaxToolCalls"),
                MaxIterations = Set(options.MaxIterations, "MaxIterations"),
                MaxConsoleCalls = Set(options.MaxConsoleCalls, "MaxConsoleCalls"),
                MaxConsoleBytes = Set(options.MaxConsoleBytes, "MaxConsoleBytes"),
            },
            Globals = (options.Globals ?? new Dictionary<string, object?>())
                .ToDictionary((global) => global.Key, (global) => ScriptValue.From(global.Value), StringComparer.Ordinal),
            Start = recording.StartTime.ToUnixTimeMilliseconds(),
            Seed = recording.Seed.ToString(CultureInfo.InvariantCulture),
            Secret = recording.Secret == default ? null : Convert.ToHexStringLower(recording.Secret.ToBytes()),
            Events = [.. recording.Events.Select(Part)],
            Result = Part(recording.Result),
        };
    }

    /// <summary>A recording of a host has every limit. A recording that was changed in memory may lack some.</summary>
    private static T Set<T>(T? limit, string name)
        where T : struct => limit ?? throw new InvalidOperationException($"The recording's Options have no {name}: a file says every limit.");

    private static RecordingFile.EventPart Part(ExecutionEvent happened) => happened switch
    {
        ConsoleEvent line => new() { Event = ConsoleMethods.NameOf(line.Level), Text = new RecordedText(line.Text) },
        ToolCallEvent call => new() { Event = "call", Call = call.Call, Tool = call.Name, Args = call.Args },
        ToolResultEvent { Failure: { } failure } answer => new()
        {
            Event = "failure",
            Call = answer.Call,
            Time = answer.ScriptTime,
            Name = failure.Name,
            Message = failure.Message,
            Code = failure.Code,
        },
        ToolResultEvent answer => new() { Event = "answer", Call = answer.Call, Time = answer.ScriptTime, Value = answer.Value },
        _ => throw new InvalidOperationException(happened.GetType().Name),
    };

    private static RecordingFile.ResultPart Part(ExecutionResult result)
    {
        if (result.Error is not { } error) return new RecordingFile.ResultPart { Value = result.Value };
        return new RecordingFile.ResultPart
        {
            Error = new RecordingFile.ErrorPart
            {
                Code = error.Code.ToCode(),
                Name = error.Name,
                Message = new RecordedText(error.Message),
                Stack = error.Stack,
            },
        };
    }
}
