using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming.Encryption;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>The server's half of the handshake.</summary>
/// <param name="PublicKeyB64">Its P-256 point for this session: 65 bytes, uncompressed, in base64.</param>
/// <param name="KeyId">The id of the keys.</param>
public sealed record ServerHello(string PublicKeyB64, string KeyId)
{
    /// <summary>Its protocol version. Range: 1 and 2.</summary>
    public int ProtocolVersion { get; init; } = StreamProtocol.Version;

    /// <summary>Reads a hello. Whether its key is a point of the curve is checked when the handshake is completed.</summary>
    /// <param name="hello">The hello.</param>
    /// <param name="problem">The place and the fault, as in <c>kdf: must be HKDF-SHA-256</c>.</param>
    /// <remarks>A signature is ignored: the protocol does not define its key.</remarks>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out ServerHello? hello, [NotNullWhen(false)] out string? problem)
    {
        hello = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = "must be an object";
            return false;
        }

        var reading = new JsonReading(EventTolerance.Exact);
        var members = new JsonMembers(UnicodeText.Readable(json), "", reading);
        int version = Algorithms.Version(members);
        string key = members.Text("serverEphemeralPubKeyB64");
        Algorithms.Only(members, "curve", Algorithms.Curve);
        Algorithms.Only(members, "selectedAlgorithm", Algorithms.Cipher);
        Algorithms.Only(members, "kdf", Algorithms.KeyDerivation);
        string keyId = members.NonEmptyText("keyId");
        problem = reading.Problem;
        if (problem is null) hello = new ServerHello(key, keyId) { ProtocolVersion = version };
        return hello is not null;
    }

    /// <summary>The hello as JSON.</summary>
    public JsonElement ToJson() => JsonWriting.Object((writer) =>
    {
        writer.WriteNumber("protocolVersion"u8, ProtocolVersion);
        writer.WriteString("serverEphemeralPubKeyB64"u8, PublicKeyB64);
        writer.WriteString("curve"u8, Algorithms.Curve);
        writer.WriteString("selectedAlgorithm"u8, Algorithms.Cipher);
        writer.WriteString("kdf"u8, Algorithms.KeyDerivation);
        writer.WriteString("keyId"u8, KeyId);
    });
}
