using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Outcomes;

/// <summary>Reads a recording from an untrusted source.</summary>
internal static class RecordingReader
{
    private const int MaxFileBytes = 128 << 20;

    /// <summary>The limit on tokens: each may become an object of about a hundred bytes. Our own files have far fewer.</summary>
    private const int MaxTokens = 8_000_000;

    private const int MaxEngineCharacters = 100, MaxShownCharacters = 400;

    private const string What = "This is not a recording";

    public static async Task<ExecutionRecording> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var read = new ArrayBufferWriter<byte>();
        while (await stream.ReadAsync(read.GetMemory(1 << 16), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            read.Advance(count);
            if (read.WrittenCount > MaxFileBytes) throw TooLarge();
        }

        return Read(read.WrittenSpan);
    }

    public static ExecutionRecording Read(string json)
    {
        if (json.Length > MaxFileBytes) throw TooLarge();
        return Read(Encoding.UTF8.GetBytes(json));
    }

    private static ExecutionRecording Read(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            CheckSize(json);
        }
        catch (JsonException fault)
        {
            // Do not use the exception's message: it may contain the rest of the file, which may not be a recording.
            throw new InvalidDataException(
                $"{What}: it is not JSON, or its depth is above 64 (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}). " +
                "enclave run --record FILE makes one.", fault);
        }

        try
        {
            CheckVersion(json);
            return Recording(JsonSerializer.Deserialize(json, RecordingJson.Default.RecordingFile) ?? throw Fault("it is null"));
        }
        catch (JsonException fault)
        {
            string at = fault.Path is null || fault.Message.Contains(fault.Path, StringComparison.Ordinal) ? "" : $" ({fault.Path})";
            throw new InvalidDataException($"{What}: {Shown(fault.Message + at)}", fault);
        }
    }

    /// <summary>Checks the whole text before it creates any object.</summary>
    private static void CheckSize(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = RecordingJson.Default.Options.MaxDepth });
        for (int tokens = 0; reader.Read(); tokens++)
        {
            if (tokens >= MaxTokens) throw Fault($"it has more than {MaxTokens} JSON tokens");
        }
    }

    /// <summary>The version comes first, so that a newer file is not taken for a broken one.</summary>
    private static void CheckVersion(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Fault("it is not a JSON object");
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("enclaveRecording"u8))
            throw Fault("its first member is not enclaveRecording");
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int version))
            throw Fault("enclaveRecording is not a version number");
        if (version != RecordingFile.CurrentVersion)
        {
            throw new InvalidDataException($"This recording has version {version}; version {RecordingFile.CurrentVersion} is the one this Enclave reads. " +
                "Replay it with the version of Enclave that made it.");
        }
    }

    private static ExecutionRecording Recording(RecordingFile file)
    {
        if (!ulong.TryParse(file.Seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)) throw Fault($"seed is \"{Cut(file.Seed)}\"");
        if (file.Engine.Length > MaxEngineCharacters) throw Fault($"engine is \"{Cut(file.Engine)}\"");
        CheckTime(file.Start, "start");
        ExecutionEvent[] events = [.. file.Events.Select(Event)];
        CheckOrder(events);
        return new ExecutionRecording
        {
            Code = file.Code.Text,
            Options = Options(file),
            SecurityLevel = Named<SecurityLevel>(file.Level, "level"),
            Preset = Named<GuardPreset>(file.Preset, "preset"),
            Validate = file.Validate,
            Libraries = Libraries(file.Libraries ?? []),
            EngineVersion = file.Engine,
            StartTime = DateTimeOffset.FromUnixTimeMilliseconds(file.Start),
            Seed = seed,
            Secret = Secret(file.Secret),
            Events = events,
            Result = Result(file.Result, events),
        };
    }

    private static RunSecret Secret(string? text)
    {
        Span<byte> bytes = stackalloc byte[RunSecret.Size];
        if (text is null) return default;
        OperationStatus status = Convert.FromHexString(text, bytes, out int consumed, out int written);
        bool isWhole = status == OperationStatus.Done && written == bytes.Length && consumed == text.Length;
        return isWhole ? RunSecret.Of(bytes) : throw Fault($"secret is \"{Cut(text)}\"");
    }

    /// <remarks>The replaying host checks the ranges.</remarks>
    private static RunOptions Options(RecordingFile file)
    {
        RecordingFile.LimitsPart limits = file.Limits;
        return new RunOptions
        {
            Timeout = Time(limits.TimeoutMs, "limits.timeoutMs"),
            CpuTimeout = Time(limits.CpuTimeoutMs, "limits.cpuTimeoutMs"),
            MemoryLimit = limits.MemoryBytes,
            SourceName = file.Source,
            SavedScript = file.Script,
            Language = file.Language is { } language ? Named<ScriptLanguage>(language, "language") : null,
            Conversation = file.HasConversation == true ? RecordingFile.Conversation : null,
            ShowsLimits = file.HasLimits == true,
            Globals = file.Globals.ToDictionary((global) => global.Key, object? (global) => global.Value, StringComparer.Ordinal),
        }.Over(new LimitOptions(limits));
    }

    private static ExecutionEvent Event(RecordingFile.EventPart part, int index)
    {
        string at = $"events[{index}]";
        if (part is null) throw Fault($"{at} is null");
        switch (part.Event)
        {
            case "call":
                if (part.Tool is not { Length: > 0 and <= 256 } tool || part.Args is not { Kind: ScriptValueKind.Object } args)
                    throw Fault($"{at} is a call without a tool of 1 to 256 characters and args, an object");
                return new ToolCallEvent { Call = Needed(part.Call, at), Name = tool, Args = args };
            case "answer":
                return Answer(part, at, part.Value ?? throw Fault($"{at} has no value"), null);
            case "failure":
                if (part.Name is null || part.Message is null) throw Fault($"{at} is a failure without name and message");
                return Answer(part, at, ScriptValue.Undefined, new ToolFailure(part.Name, part.Message, part.Code));
            default:
                ConsoleLevel level = ConsoleMethods.Find(part.Event)
                    ?? throw Fault($"{at} is \"{Cut(part.Event)}\": it is call, answer, failure or a console method");
                return new ConsoleEvent { Level = level, Text = (part.Text ?? throw Fault($"{at} has no text")).Text };
        }
    }

    /// <summary>In a file an answer has neither its call's name nor the time that the call took.</summary>
    private static ToolResultEvent Answer(RecordingFile.EventPart part, string at, ScriptValue value, ToolFailure? failure) => new()
    {
        Call = Needed(part.Call, at),
        Name = "",
        Value = value,
        Failure = failure,
        Elapsed = TimeSpan.Zero,
        ScriptTime = CheckTime(Needed(part.Time, at), at),
    };

    /// <summary>Checks that calls count up from 1 without a gap, and that each is answered at most once, after it was made.</summary>
    private static void CheckOrder(ExecutionEvent[] events)
    {
        uint calls = 0;
        var answered = new HashSet<uint>();
        for (int i = 0; i < events.Length; i++)
        {
            if (events[i] is ToolCallEvent call && call.Call != ++calls) throw Fault($"events[{i}] is call {call.Call} in the place of call {calls}");
            if (events[i] is ToolResultEvent answer && (answer.Call == 0 || answer.Call > calls || !answered.Add(answer.Call)))
            {
                throw Fault($"events[{i}] answers call {answer.Call}, which was not made before or has its answer");
            }
        }
    }

    private static ExecutionResult Result(RecordingFile.ResultPart part, ExecutionEvent[] events)
    {
        if ((part.Value is null) == (part.Error is null)) throw Fault("result has either a value or an error");
        return new ExecutionResult
        {
            Value = part.Value ?? ScriptValue.Undefined,
            Error = part.Error is { } error
            ? new ExecutionError { Code = Code(error.Code), Name = error.Name, Message = error.Message.Text, Stack = error.Stack }
            : null,
            Stdout = string.Concat(events.OfType<ConsoleEvent>().Select((line) => line.Text + "\n")),
            Stats = new ExecutionStats { ToolCallCount = events.Count((happened) => happened is ToolCallEvent) },
        };
    }

    private static Dictionary<string, string> Libraries(Dictionary<string, string> libraries)
    {
        if (libraries.Count > ProtocolLimits.MaxLibraries) throw Fault($"it names {libraries.Count} libraries");
        foreach ((string name, string hash) in libraries)
        {
            if (name.Length is 0 or > ProtocolLimits.LibraryNameBytes || hash is not { Length: 64 } || !hash.All(char.IsAsciiHexDigitLower))
                throw Fault($"libraries has \"{Cut(name)}\" without a name or a SHA-256 that one can have");
        }

        return libraries;
    }

    private static ErrorCode Code(string name)
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            if (code.ToCode() == name) return code;
        }

        throw Fault($"result.error.code is \"{Cut(name)}\"");
    }

    private static T Named<T>(string name, string member)
        where T : struct, Enum =>
        Enum.TryParse(name, out T value) && Enum.IsDefined(value) && value.ToString() == name
            ? value
            : throw Fault($"{member} is \"{Cut(name)}\": it is {string.Join(", ", Enum.GetNames<T>())}");

    private static T Needed<T>(T? value, string at)
        where T : struct => value ?? throw Fault($"{at} lacks call or time");

    private static long CheckTime(long milliseconds, string at)
    {
        // Times that both Date and DateTimeOffset can represent.
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw Fault($"{at} has the time {milliseconds}");
        return milliseconds;
    }

    private static TimeSpan Time(double milliseconds, string member) =>
        milliseconds is > 0 and <= 86_400_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw Fault($"{member} is {milliseconds.ToString(CultureInfo.InvariantCulture)}");

    private static string Cut(string text) => Shown(text.Length <= 40 ? text : text[..40] + "…");

    /// <summary>Text of the file for a message: bounded, and without characters that end a line or move a cursor.</summary>
    private static string Shown(string text) =>
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "…");

    private static InvalidDataException Fault(string what) => new($"{What}: {what}.");

    private static InvalidDataException TooLarge() => new($"{What}: it has more than {MaxFileBytes >> 20} MB.");
}
