using System.Text.Json;
using Enclave.Diagnostics;

namespace Enclave.Broker.Fleet;

/// <summary>What a broker or a runtime says of itself. It is a claim: whoever reads one from elsewhere takes no more of it than is bounded here.</summary>
/// <param name="Id">Which one, for as long as it runs.</param>
/// <param name="Name">For people.</param>
/// <param name="State"><c>ok</c>, <c>stopping</c>, <c>unavailable</c> or <c>unreachable</c>.</param>
internal abstract record FleetPart(string Id, string Name, string State)
{
    /// <summary>Of what is said at once: as much as a message between brokers on a database may have.</summary>
    public const int MaxBytes = 7_800;

    public const int MaxId = 128, MaxName = 64, MaxQueues = 16;

    /// <summary>Of this program.</summary>
    public static string ThisVersion { get; } = EnclaveActivities.Version ?? "";

    /// <summary>Of its program; null where that is not known.</summary>
    public string? Version { get; init; }

    /// <summary><c>broker</c> or <c>runtime</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Writes its members into an object.</summary>
    /// <param name="writer">Gets them.</param>
    /// <param name="state">The state to show; null for its own.</param>
    public void WriteMembers(Utf8JsonWriter writer, string? state = null)
    {
        writer.WriteString("kind"u8, Kind);
        writer.WriteString("id"u8, Id);
        writer.WriteString("name"u8, Name);
        writer.WriteString("state"u8, state ?? State);
        if (Version is not null) writer.WriteString("version"u8, Version);
        WriteOwn(writer);
    }

    protected abstract void WriteOwn(Utf8JsonWriter writer);
}
