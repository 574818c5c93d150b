using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>Reads events from JSON. Invalid JSON is refused; nothing is thrown.</summary>
/// <remarks>Unknown members are ignored everywhere.</remarks>
public static partial class EventReader
{
    /// <summary>Maximum nesting of the JSON, including the event itself.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads an event. It does not depend on the document's lifetime.</summary>
    /// <param name="tolerance">The tolerance of the reader.</param>
    /// <param name="read">The event.</param>
    /// <param name="problem">The place and the fault, as in <c>payload.chunk: must be a string</c>.</param>
    public static bool TryRead(JsonElement json, EventTolerance tolerance, [NotNullWhen(true)] out SessionEvent? read, [NotNullWhen(false)] out string? problem)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            read = null;
            problem = "must be an object";
            return false;
        }

        return TryReadObject(UnicodeText.Readable(json), tolerance, out read, out problem);
    }

    /// <summary>Reads an event from one JSON text in UTF-8.</summary>
    /// <param name="utf8Json">The text, which only white space may follow.</param>
    /// <param name="tolerance">The tolerance of the reader.</param>
    /// <param name="read">The event.</param>
    /// <param name="problem">The fault: begins with <c>JSON parse error</c> or <c>Validation error</c>.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8Json, EventTolerance tolerance, [NotNullWhen(true)] out SessionEvent? read, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(UnicodeText.IsReadable(utf8Json.Span) ? utf8Json : UnicodeText.Repair(utf8Json.Span), s_options);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            {
                read = null;
                problem = "must be an object";
            }
            else if (TryReadObject(parsed.RootElement, tolerance, out read, out problem))
            {
                return true;
            }

            problem = $"Validation error: {problem}";
        }
        catch (JsonException error)
        {
            read = null;
            problem = $"JSON parse error: not JSON, or nested more than {MaxDepth} deep, at byte {error.BytePositionInLine}";
        }

        return false;
    }

    private static bool TryReadObject(
        JsonElement json, EventTolerance tolerance, [NotNullWhen(true)] out SessionEvent? read, [NotNullWhen(false)] out string? problem)
    {
        var reading = new JsonReading(tolerance);
        read = Read(new JsonMembers(json, "", reading));
        problem = reading.Problem;
        if (problem is null && read is not null) return true;
        read = null;
        problem ??= "type: unknown";
        return false;
    }

    private static SessionEvent? Read(JsonMembers members)
    {
        // The type first: the rules for other members depend on it.
        string type = members.Text("type");
        if (!s_payloads.TryGetValue(type, out Func<JsonMembers, EventOrigin, EventPayload>? payload)) return null;
        long version = members.Integer("protocolVersion");
        if (version is not (1 or 2)) members.Refuse("protocolVersion", "must be 1 or 2");
        string session = members.Id("sessionId", StreamProtocol.SessionPrefix);
        long seq = members.Integer("seq", minimum: 0);
        return new SessionEvent(session, seq, payload(members.Object("payload"), new EventOrigin(session))) { ProtocolVersion = (int)version };
    }

    /// <summary>The event around a payload, for the payload's reader.</summary>
    private readonly record struct EventOrigin(string SessionId);
}
