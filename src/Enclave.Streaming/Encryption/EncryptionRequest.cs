using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming.Json;

namespace Enclave.Streaming.Encryption;

/// <summary>The member <c>encryption</c> of a request for a session.</summary>
/// <param name="Mode">The requested mode.</param>
/// <param name="ClientHello">The client's half of the handshake; null if it sent none.</param>
internal sealed record EncryptionRequest(EncryptionMode Mode, ClientHello? ClientHello = null)
{
    private static readonly string[] s_modes = ["disabled", "optional", "required"];

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="problem">The place and the fault, as in <c>clientHello.curve: must be P-256</c>.</param>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out EncryptionRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = "must be an object";
            return false;
        }

        var reading = new JsonReading(EventTolerance.Exact);
        var members = new JsonMembers(UnicodeText.Readable(json), "", reading);
        int mode = Array.IndexOf(s_modes, members.Text("mode"));
        if (mode < 0) members.Refuse("mode", "must be disabled, optional or required");
        ClientHello? hello = members.OptionalMembers("clientHello") is { } sent ? ClientHello.Read(sent) : null;
        problem = reading.Problem;
        if (problem is null) request = new EncryptionRequest((EncryptionMode)mode, hello);
        return request is not null;
    }

    /// <summary>The request as JSON.</summary>
    public JsonElement ToJson() => JsonWriting.Object((writer) =>
    {
        writer.WriteString("mode"u8, s_modes[(int)Mode]);
        if (ClientHello is null) return;
        writer.WritePropertyName("clientHello"u8);
        ClientHello.ToJson().WriteTo(writer);
    });
}
