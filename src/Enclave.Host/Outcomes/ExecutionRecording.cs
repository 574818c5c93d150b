using System.Collections.ObjectModel;
using Enclave.Guard;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Everything a run was made of: what it was given, what its tools answered and when, its time and randomness, and what it came to.</summary>
/// <remarks>
/// Made by <see cref="RunOptions.Record"/>, run again by <see cref="EnclaveHost.ReplayAsync"/>. It holds the script, its globals and all data of its tools: keep it as you keep those.
/// </remarks>
public sealed record ExecutionRecording
{
    /// <summary>Most memory that is kept of one run, in bytes, counted as values are (docs/values.md): console, arguments and answers of tools.</summary>
    internal const long MaxRunBytes = 32L << 20;

    /// <summary>The program.</summary>
    public required string Code { get; init; }

    /// <summary>Limits, globals and source name, the host's own included; no limit is null.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The host's level.</summary>
    public required SecurityLevel SecurityLevel { get; init; }

    /// <summary>The host's set of rules.</summary>
    public required GuardPreset Preset { get; init; }

    /// <summary>True if the host judged scripts at all.</summary>
    public required bool Validate { get; init; }

    /// <summary>The host's libraries by name, each with its SHA-256: a host with others does not replay it. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The version of V8 that ran it; <c>unknown</c> when the engine has no note of it.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>What the script's clock showed when it started, to the millisecond. It moved only when a tool answered.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The seed of <c>Math.random</c>.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What the run came to. Saved are value, console, and of an error code, name, message and stack; <see cref="ExecutionResult.Stats"/> are not.</summary>
    public required ExecutionResult Result { get; init; }

    /// <summary>Calls of tools in the run.</summary>
    public int ToolCallCount => Events.Count((happened) => happened is CallEvent);

    /// <summary>What happened, in order.</summary>
    internal IReadOnlyList<RecordedEvent> Events { get; init; } = [];

    /// <summary>This recording as JSON, for <see cref="Parse"/>: docs/records.md has the form.</summary>
    /// <exception cref="InvalidOperationException">A limit of <see cref="Options"/> was set to null.</exception>
    public string ToJsonString() => RecordingWriter.ToJson(this);

    /// <summary>Writes it as JSON in UTF-8 and leaves the stream open.</summary>
    public Task SaveAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.WriteAsync(RecordingWriter.ToUtf8(this), cancellationToken).AsTask();
    }

    /// <summary>Reads what <see cref="ToJsonString"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is no recording, or one of a newer version; the message says where.</exception>
    public static ExecutionRecording Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return RecordingReader.Read(json);
    }

    /// <summary>Reads what <see cref="SaveAsync"/> wrote; at most 128 MB. Nobody need trust the file.</summary>
    /// <exception cref="InvalidDataException">It is no recording, or one of a newer version, or too large; the message says where.</exception>
    public static Task<ExecutionRecording> LoadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return RecordingReader.ReadAsync(stream, cancellationToken);
    }
}
