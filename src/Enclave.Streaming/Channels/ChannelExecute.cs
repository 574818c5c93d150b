using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The broker asks for a session.</summary>
/// <param name="Code">The program: a function body.</param>
public sealed record ChannelExecute(string Code) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "execute";

    /// <summary>The session's name, which its events bear; null lets the runtime make one. Range: 1 to 256 characters.</summary>
    public string? SessionId { get; init; }

    /// <summary>Whose session it is, so that no two tenants meet in a worker process where the runtime's level forbids it; any name that tells them apart. Null is a tenant of its own. Range: 1 to 256 characters. Peers of other makes pass it over.</summary>
    public string? Tenant { get; init; }

    /// <summary>What it may take; null for the runtime's own limits.</summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>
    /// Bytes of the largest event that the sender takes; a runtime ends a session whose result is larger with OUTPUT_LIMIT, and does not send it. Range: 1
    /// and above. Null for what the runtime takes for granted: 16 MB. Peers of other makes pass it over.
    /// </summary>
    public long? MaxEventBytes { get; init; }

    /// <summary>What is wrong with the limits that were sent, with their path; null for nothing. Such a session must not run. Never written.</summary>
    public string? LimitsProblem { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteOptional(writer, "sessionId"u8, SessionId);
        writer.WriteString("code"u8, Code);
        EventWriter.WriteOptional(writer, "tenant"u8, Tenant);
        EventWriter.WriteOptional(writer, "maxEventBytes"u8, MaxEventBytes);
        if (Limits is null) return;
        writer.WritePropertyName("limits"u8);
        Limits.WriteTo(writer);
    }
}
