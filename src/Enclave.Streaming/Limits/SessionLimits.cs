using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming.Events;
using Enclave.Streaming.Limits;

namespace Enclave.Streaming;

/// <summary>The limits of a session as requested over the wire. A null limit was not requested, and the receiver's own applies.</summary>
/// <remarks>
/// Two sets of names are read: those of the protocol (<c>sessionTtlMs</c>, <c>toolTimeoutMs</c> and so on) and those of the documented
/// runtime (<c>timeout</c>, <c>memoryLimit</c>, <c>maxConsoleBytes</c>); <c>maxExecutionMs</c> is another name of <c>sessionTtlMs</c>.
/// If two names of one limit are given, the lower value applies.
/// </remarks>
public sealed record SessionLimits
{
    /// <summary>Longest lifetime of the session, in milliseconds; on the wire <c>sessionTtlMs</c>. Range: above 0.</summary>
    public long? SessionTtlMs { get; init; }

    /// <summary>
    /// Longest time of the whole run, in milliseconds; on the wire <c>timeout</c>. Range: above 0.
    /// The lower of this and of <see cref="SessionTtlMs"/> applies.
    /// </summary>
    public long? TimeoutMs { get; init; }

    /// <summary>Memory of the script, in bytes; on the wire <c>memoryLimit</c>. Range: above 0.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Tool calls of the session; on the wire <c>maxToolCalls</c>. Range: above 0; a runtime's default may be 0, for none.</summary>
    public long? MaxToolCalls { get; init; }

    /// <summary>Console output, in bytes of UTF-8; on the wire <c>maxStdoutBytes</c>, also <c>maxConsoleBytes</c>. Range: above 0.</summary>
    public long? MaxStdoutBytes { get; init; }

    /// <summary>A tool's answer, in bytes; on the wire <c>maxToolResultBytes</c>. Range: above 0.</summary>
    public long? MaxToolResultBytes { get; init; }

    /// <summary>Longest wait for the answer to one tool call, in milliseconds; on the wire <c>toolTimeoutMs</c>. Range: above 0.</summary>
    public long? ToolTimeoutMs { get; init; }

    /// <summary>The time between two heartbeats, in milliseconds; on the wire <c>heartbeatIntervalMs</c>. Range: 0 and above; 0 turns them off.</summary>
    public long? HeartbeatIntervalMs { get; init; }

    /// <summary>The deadline, in milliseconds from the session's opening; on the wire <c>deadlineMs</c>. Range: 0 and above; 0 is none.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>
    /// The deadline of one tool call, in milliseconds; on the wire <c>perToolDeadlineMs</c>. Range: above 0.
    /// The lower of this and of <see cref="ToolTimeoutMs"/> applies.
    /// </summary>
    public long? PerToolDeadlineMs { get; init; }

    /// <summary>True if the session ends with its first failed tool call; on the wire <c>cancelOnFirstError</c>.</summary>
    public bool? CancelOnFirstError { get; init; }

    /// <summary>Reads limits. Other members are ignored.</summary>
    /// <param name="json">An object with any of the names.</param>
    /// <param name="limits">The limits; null if one of them is invalid.</param>
    /// <param name="problem">The first fault, beginning with the limit's name, for example
    /// <c>maxToolCalls must be a whole number above 0</c>; empty for none.</param>
    /// <returns>True if all limits are valid.</returns>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out SessionLimits? limits, out string problem)
    {
        var reader = new SessionLimitsReader(json);
        limits = new SessionLimits
        {
            SessionTtlMs = SessionLimitsReader.Lower(reader.Positive("sessionTtlMs"), reader.Positive("maxExecutionMs")),
            TimeoutMs = reader.Positive("timeout"),
            MemoryLimit = reader.Positive("memoryLimit"),
            MaxToolCalls = reader.Positive("maxToolCalls"),
            MaxStdoutBytes = SessionLimitsReader.Lower(reader.Positive("maxStdoutBytes"), reader.Positive("maxConsoleBytes")),
            MaxToolResultBytes = reader.Positive("maxToolResultBytes"),
            ToolTimeoutMs = reader.Positive("toolTimeoutMs"),
            HeartbeatIntervalMs = reader.NotNegative("heartbeatIntervalMs"),
            DeadlineMs = reader.NotNegative("deadlineMs"),
            PerToolDeadlineMs = reader.Positive("perToolDeadlineMs"),
            CancelOnFirstError = reader.Flag("cancelOnFirstError"),
        };
        problem = reader.Problem;
        if (problem.Length > 0) limits = null;
        return limits is not null;
    }

    /// <summary>These limits, completed by defaults.</summary>
    /// <param name="defaults">The defaults; null for none. Their <see cref="SessionTtlMs"/> and <see cref="TimeoutMs"/> apply only if these limits have
    /// neither, because both bound the same time.</param>
    public SessionLimits WithDefaults(SessionLimits? defaults) => defaults is null ? this : new SessionLimits
    {
        SessionTtlMs = SessionTtlMs ?? (TimeoutMs is null ? defaults.SessionTtlMs : null),
        TimeoutMs = TimeoutMs ?? (SessionTtlMs is null ? defaults.TimeoutMs : null),
        MemoryLimit = MemoryLimit ?? defaults.MemoryLimit,
        MaxToolCalls = MaxToolCalls ?? defaults.MaxToolCalls,
        MaxStdoutBytes = MaxStdoutBytes ?? defaults.MaxStdoutBytes,
        MaxToolResultBytes = MaxToolResultBytes ?? defaults.MaxToolResultBytes,
        ToolTimeoutMs = ToolTimeoutMs ?? defaults.ToolTimeoutMs,
        HeartbeatIntervalMs = HeartbeatIntervalMs ?? defaults.HeartbeatIntervalMs,
        DeadlineMs = DeadlineMs ?? defaults.DeadlineMs,
        PerToolDeadlineMs = PerToolDeadlineMs ?? defaults.PerToolDeadlineMs,
        CancelOnFirstError = CancelOnFirstError ?? defaults.CancelOnFirstError,
    };

    /// <summary>Writes the limits that are set as one JSON object, by their names on the wire.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        EventWriter.WriteOptional(writer, "sessionTtlMs"u8, SessionTtlMs);
        EventWriter.WriteOptional(writer, "maxToolCalls"u8, MaxToolCalls);
        EventWriter.WriteOptional(writer, "maxStdoutBytes"u8, MaxStdoutBytes);
        EventWriter.WriteOptional(writer, "maxToolResultBytes"u8, MaxToolResultBytes);
        EventWriter.WriteOptional(writer, "toolTimeoutMs"u8, ToolTimeoutMs);
        EventWriter.WriteOptional(writer, "heartbeatIntervalMs"u8, HeartbeatIntervalMs);
        EventWriter.WriteOptional(writer, "deadlineMs"u8, DeadlineMs);
        EventWriter.WriteOptional(writer, "perToolDeadlineMs"u8, PerToolDeadlineMs);
        if (CancelOnFirstError is { } cancel) writer.WriteBoolean("cancelOnFirstError"u8, cancel);
        EventWriter.WriteOptional(writer, "timeout"u8, TimeoutMs);
        EventWriter.WriteOptional(writer, "memoryLimit"u8, MemoryLimit);
        writer.WriteEndObject();
    }
}
