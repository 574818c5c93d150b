using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The broker opens a session.</summary>
/// <param name="Code">The program: a function body.</param>
public sealed record ChannelExecute(string Code) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "execute";

    /// <summary>The session's name in its events; null lets the runtime choose one. Range: 1 to 256 characters.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Any name that tells tenants apart, so that two tenants do not share a worker process where the runtime's level forbids it. Null is a tenant of its
    /// own. Range: 1 to 256 characters. Other products' peers ignore it.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>
    /// The id of the run for logs, audit records and traces of the runtime: the name that the session has at its broker. Null for one of the runtime's own.
    /// Range: 1 to 256 characters. Other products' peers ignore it.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>
    /// The script's language: <c>javascript</c>, <c>typescript</c> or <c>either</c>. Null leaves it to the runtime, which reads either. Other products'
    /// peers ignore it.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>
    /// True if a model wrote the script: a runtime without rules of its own choice then allows the whole language. Other products' peers ignore it.
    /// </summary>
    public bool OfModel { get; init; }

    /// <summary>Limits of the session; null for the runtime's own.</summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>
    /// Largest event that the sender accepts, in bytes. A runtime ends a session with a larger result with OUTPUT_LIMIT instead of sending it. Range: 1
    /// and above. Null for the runtime's default: 16 MB. Other products' peers ignore it.
    /// </summary>
    public long? MaxEventBytes { get; init; }

    /// <summary>The fault of the received limits, with their path; null if there is none. Such a session must not run. Never written.</summary>
    public string? LimitsProblem { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteOptional(writer, "sessionId"u8, SessionId);
        writer.WriteString("code"u8, Code);
        EventWriter.WriteOptional(writer, "tenant"u8, Tenant);
        EventWriter.WriteOptional(writer, "runId"u8, RunId);
        EventWriter.WriteOptional(writer, "language"u8, Language);
        if (OfModel) writer.WriteBoolean("ofModel"u8, true);
        EventWriter.WriteOptional(writer, "maxEventBytes"u8, MaxEventBytes);
        if (Limits is null) return;
        writer.WritePropertyName("limits"u8);
        Limits.WriteTo(writer);
    }
}
