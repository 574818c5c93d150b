using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming.Encryption;
using Enclave.Streaming.Events;
using Enclave.Streaming.Json;

namespace Enclave.Streaming.Encryption;

/// <summary>The client's half of the handshake.</summary>
/// <param name="PublicKeyB64">Its P-256 point for this session: 65 bytes, uncompressed, in base64.</param>
internal sealed record ClientHello(string PublicKeyB64)
{
    /// <summary>Its protocol version. Range: 1 and 2.</summary>
    public int ProtocolVersion { get; init; } = StreamProtocol.Version;

    /// <summary>The algorithms that the client supports.</summary>
    public IReadOnlyList<string> SupportedAlgorithms { get; init; } = [Algorithms.Cipher];

    /// <summary>Reads a hello. Whether its key is a point of the curve is checked when it is answered.</summary>
    /// <param name="hello">The hello.</param>
    /// <param name="problem">The place and the fault, as in <c>curve: must be P-256</c>.</param>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out ClientHello? hello, [NotNullWhen(false)] out string? problem)
    {
        hello = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = "must be an object";
            return false;
        }

        var reading = new JsonReading(EventTolerance.Exact);
        ClientHello read = Read(new JsonMembers(UnicodeText.Readable(json), "", reading));
        problem = reading.Problem;
        if (problem is null) hello = read;
        return hello is not null;
    }

    /// <summary>The hello as JSON.</summary>
    public JsonElement ToJson() => JsonWriting.Object((writer) =>
    {
        writer.WriteNumber("protocolVersion"u8, ProtocolVersion);
        writer.WriteString("clientEphemeralPubKeyB64"u8, PublicKeyB64);
        writer.WriteString("curve"u8, Algorithms.Curve);
        EventWriter.WriteTexts(writer, "supportedAlgorithms"u8, SupportedAlgorithms);
    });

    internal static ClientHello Read(JsonMembers members)
    {
        int version = Algorithms.Version(members);
        string key = members.Text("clientEphemeralPubKeyB64");
        Algorithms.Only(members, "curve", Algorithms.Curve);
        IReadOnlyList<string> algorithms = members.Texts("supportedAlgorithms");
        if (algorithms.Count == 0) members.Refuse("supportedAlgorithms", "must not be empty");
        return new ClientHello(key) { ProtocolVersion = version, SupportedAlgorithms = algorithms };
    }
}
