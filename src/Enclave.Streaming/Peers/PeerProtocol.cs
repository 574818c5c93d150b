using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enclave.Streaming.Peers;

/// <summary>The versions of the protocol that a broker or a runtime speaks, as text: <c>2;least=1;features=return,credit</c>. A peer that says nothing speaks version 1 (docs/versioning.md).</summary>
/// <param name="Version">The highest version that the peer speaks.</param>
/// <param name="Least">The lowest version that the peer speaks.</param>
/// <param name="Features">The features that it understands beyond its lowest version.</param>
public sealed record PeerProtocol(int Version, int Least, IReadOnlyList<string> Features)
{
    /// <summary>The header that says it, of an upgrade to a WebSocket and of a message in a queue.</summary>
    public const string Header = "Enclave-Protocol";

    /// <summary>The code of a refusal because of it.</summary>
    public const string Unsupported = "PROTOCOL_UNSUPPORTED";

    /// <summary>A runtime that stops gives back what it took from a queue and did not begin.</summary>
    public const string Return = "return";

    /// <summary>A broker tells a runtime, over queues, which events its reader has taken, and a runtime that is far ahead of the reader waits.</summary>
    public const string Credit = "credit";

    /// <summary>Characters that it has at most.</summary>
    public const int MaxText = 256;

    private const int MaxVersion = 9999, MaxFeatures = 16, MaxFeature = 32;

    /// <summary>Of this build: it speaks its own version and the one before.</summary>
    public static PeerProtocol Ours { get; } = new(2, 1, [Return, Credit]);

    /// <summary>Of builds that said nothing of it.</summary>
    public static PeerProtocol First { get; } = new(1, 1, []);

    /// <summary>Whether the peer understands a feature.</summary>
    public bool Has(string feature) => Features.Contains(feature, StringComparer.Ordinal);

    /// <summary>Whether there is a version that this build speaks as well.</summary>
    public bool IsUnderstood => Least <= Ours.Version && Version >= Ours.Least;

    /// <summary>Why it cannot be spoken with, for people, as of one of its kind ("broker", "runtime").</summary>
    public string Mismatch(string kind) => $"the {kind} speaks versions {Least} to {Version} of the protocol, and this build {Ours.Least} to {Ours.Version} (docs/upgrade.md)";

    /// <summary>Reads what a peer says; null, of one that says nothing, is version 1. What is not known in it is passed over.</summary>
    /// <returns>False for what is no such text.</returns>
    public static bool TryRead(string? text, [NotNullWhen(true)] out PeerProtocol? protocol)
    {
        protocol = null;
        if (text is null)
        {
            protocol = First;
            return true;
        }

        if (text.Length > MaxText) return false;
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (!TryVersion(parts[0], out int version)) return false;
        // The rule, where nothing else is said: a version speaks with the one before.
        int least = Math.Max(1, version - 1);
        string[] features = [];
        foreach (string part in parts.Skip(1))
        {
            string[] pair = part.Split('=', 2);
            switch (pair)
            {
                case ["least", var value] when !TryVersion(value, out least) || least > version: return false;
                case ["features", var value]: features = value.Split(',', StringSplitOptions.RemoveEmptyEntries); break;
            }
        }

        if (features.Length > MaxFeatures || features.Any((feature) => feature.Length > MaxFeature)) return false;
        protocol = new PeerProtocol(version, least, features);
        return true;
    }

    /// <summary>As it is said.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version};least={Least};features={string.Join(',', Features)}");

    private static bool TryVersion(string text, out int version) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version is >= 1 and <= MaxVersion;
}
