using System.Text.Json.Serialization;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>The file format of a recording (docs/records.md).</summary>
internal sealed class RecordingFile
{
    public const int CurrentVersion = 1;

    /// <summary>The conversation of all recordings that had one.</summary>
    public const string Conversation = "recorded";

    [JsonPropertyName("enclaveRecording")]
    public required int Version { get; init; }

    public required string Engine { get; init; }

    public required string Level { get; init; }

    public required string Preset { get; init; }

    public required bool Validate { get; init; }

    /// <summary>Name and SHA-256 of each library; null if there are none.</summary>
    public Dictionary<string, string>? Libraries { get; init; }

    public required string Source { get; init; }

    public required RecordedText Code { get; init; }

    /// <summary>The saved script, as <c>report@3</c>; missing for another one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Script { get; init; }

    /// <summary>The language of the script; missing if the run did not set it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Language { get; init; }

    /// <summary>True if the script had <c>store</c> and <c>load</c>; missing if not. The file does not name the conversation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HasConversation { get; init; }

    /// <summary>True if the script had <c>limits</c>; missing if not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HasLimits { get; init; }

    public required LimitsPart Limits { get; init; }

    public required Dictionary<string, ScriptValue> Globals { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>A decimal number as text, because JSON numbers elsewhere may have fewer digits.</summary>
    public required string Seed { get; init; }

    /// <summary>Hexadecimal; missing in an older recording.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public required List<EventPart> Events { get; init; }

    public required ResultPart Result { get; init; }

    internal sealed record LimitsPart : CountedLimits
    {
        public required double TimeoutMs { get; init; }

        public required double CpuTimeoutMs { get; init; }

        public required long MemoryBytes { get; init; }
    }

    internal sealed class EventPart
    {
        /// <summary><c>call</c>, <c>answer</c>, <c>failure</c>, or the console's method.</summary>
        public required string Event { get; init; }

        public uint? Call { get; init; }

        public string? Tool { get; init; }

        public ScriptValue? Args { get; init; }

        public long? Time { get; init; }

        public ScriptValue? Value { get; init; }

        public string? Name { get; init; }

        public string? Message { get; init; }

        public string? Code { get; init; }

        public RecordedText? Text { get; init; }
    }

    internal sealed class ResultPart
    {
        public ScriptValue? Value { get; init; }

        public ErrorPart? Error { get; init; }
    }

    internal sealed class ErrorPart
    {
        public required string Code { get; init; }

        public required string Name { get; init; }

        public required RecordedText Message { get; init; }

        public string? Stack { get; init; }
    }
}
