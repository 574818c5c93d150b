using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enclave.Streaming.Peers;

/// <summary>
/// The protocol versions that a broker or a runtime speaks, as text: <c>2;least=1;features=return,credit</c>. A
/// peer that reports nothing speaks version 1 (docs/versioning.md).
/// </summary>
/// <param name="Version">The highest version that the peer speaks.</param>
/// <param name="Least">The lowest version that the peer speaks.</param>
/// <param name="Features">The features that it supports beyond its lowest version.</param>
public sealed record PeerProtocol(int Version, int Least, IReadOnlyList<string> Features)
{
    /// <summary>The header with this text, of a WebSocket upgrade and of a message in a queue.</summary>
    public const string Header = "Enclave-Protocol";

    /// <summary>The feature that a stopping runtime returns the runs that it took from a queue and did not begin.</summary>
    public const string Return = "return";

    /// <summary>The broker reports over queues which events its reader has read, and a runtime that is far ahead of the reader waits.</summary>
    public const string Credit = "credit";

    /// <summary>Maximum number of characters of the text.</summary>
    public const int MaxText = 256;

    private const int MaxVersion = 9999, MaxFeatures = 16, MaxFeature = 32;

    /// <summary>The versions of this build: its own and the one before.</summary>
    public static PeerProtocol Ours { get; } = new(2, 1, [Return, Credit]);

    /// <summary>The versions of builds that report nothing.</summary>
    public static PeerProtocol First { get; } = new(1, 1, []);

    /// <summary>True if the peer supports a feature.</summary>
    public bool Has(string feature) => Features.Contains(feature, StringComparer.Ordinal);

    /// <summary>True if the peer and this build have a version in common.</summary>
    public bool IsUnderstood => Least <= Ours.Version && Version >= Ours.Least;

    /// <summary>Why there is no common version, for people. The kind is "broker" or "runtime".</summary>
    public string Mismatch(string kind) =>
        $"the {kind} speaks versions {Least} to {Version} of the protocol, and this build {Ours.Least} to {Ours.Version} (docs/upgrade.md)";

    /// <summary>Reads a peer's text; null means version 1. Unknown parts are ignored.</summary>
    /// <returns>False if the text is malformed.</returns>
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
        // Unless the text has a least version, a peer also speaks the version before its highest one.
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

    /// <summary>The text to report.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version};least={Least};features={string.Join(',', Features)}");

    private static bool TryVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version is >= 1 and <= MaxVersion;
}
