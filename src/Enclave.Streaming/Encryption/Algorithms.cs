using Enclave.Streaming.Json;

namespace Enclave.Streaming.Encryption;

/// <summary>The algorithms in both hellos. There is one of each kind.</summary>
internal static class Algorithms
{
    public const string Curve = "P-256";

    public const string Cipher = "AES-GCM-256";

    public const string KeyDerivation = "HKDF-SHA-256";

    public static int Version(JsonMembers members)
    {
        long version = members.Integer("protocolVersion");
        if (version is not (1 or 2)) members.Refuse("protocolVersion", "must be 1 or 2");
        return (int)version;
    }

    public static string Only(JsonMembers members, string name, string value)
    {
        if (members.Text(name) != value) members.Refuse(name, $"must be {value}");
        return value;
    }
}
