using System.Collections.ObjectModel;
using Enclave.Guard;
using Enclave.Outcomes;
using Enclave.Protocol.Messages;

namespace Enclave;

/// <summary>Everything about a run: its inputs, the answers of its tools with their times, its clock and random seed, and its result.</summary>
/// <remarks>
/// Created with <see cref="RunOptions.Record"/>, repeated by <c>ReplayAsync</c>. It contains the script,
/// its globals and all data of its tools: protect it like those.
/// </remarks>
public sealed record ExecutionRecording
{
    /// <summary>The memory limit of one recording, in bytes, counted as for values (docs/values.md): console, arguments and answers of tools.</summary>
    internal const long MaxRunBytes = 32L << 20;

    /// <summary>The program.</summary>
    public required string Code { get; init; }

    /// <summary>Limits, globals (including the host's) and source name; no limit is null.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The saved script, as <c>report@3</c>; null for another one.</summary>
    public string? Script => Options.SavedScript;

    /// <summary>The host's level.</summary>
    public required SecurityLevel SecurityLevel { get; init; }

    /// <summary>The host's set of rules.</summary>
    public required GuardPreset Preset { get; init; }

    /// <summary>True if the host checked scripts.</summary>
    public required bool Validate { get; init; }

    /// <summary>The host's libraries by name, each with its SHA-256. A host with other libraries does not replay it. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The version of V8 that ran it; <c>unknown</c> if the engine does not say.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The script's clock at its start, to the millisecond. It moved only when a tool answered.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The seed of <c>Math.random</c>.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The result. Saved are value, console, and of an error code, name, message and stack, but not <see cref="ExecutionResult.Stats"/>.</summary>
    public required ExecutionResult Result { get; init; }

    /// <summary>The number of tool calls.</summary>
    public int ToolCallCount => Events.Count((happened) => happened is ToolCallEvent && !TimerCall.Is(happened));

    /// <summary>The origin of its random bytes; zeros in an older recording, whose script had none.</summary>
    internal RunSecret Secret { get; init; }

    /// <summary>The events, in order.</summary>
    internal IReadOnlyList<ExecutionEvent> Events { get; init; } = [];

    /// <summary>Returns this recording as JSON, for <see cref="Parse"/>. docs/records.md has the format.</summary>
    /// <exception cref="InvalidOperationException">A limit of <see cref="Options"/> was set to null.</exception>
    public string ToJsonString() => RecordingWriter.ToJson(this);

    /// <summary>Writes it as JSON in UTF-8 and leaves the stream open.</summary>
    public Task SaveAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.WriteAsync(RecordingWriter.ToUtf8(this), cancellationToken).AsTask();
    }

    /// <summary>Reads the text of <see cref="ToJsonString"/>.</summary>
    /// <exception cref="InvalidDataException">It is not a recording, or one of a newer version. The message has the place.</exception>
    public static ExecutionRecording Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return RecordingReader.Read(json);
    }

    /// <summary>Reads a file of <see cref="SaveAsync"/>, at most 128 MB. The file may come from an untrusted source.</summary>
    /// <exception cref="InvalidDataException">It is not a recording, or one of a newer version, or too large. The message has the place.</exception>
    public static Task<ExecutionRecording> LoadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return RecordingReader.ReadAsync(stream, cancellationToken);
    }
}
