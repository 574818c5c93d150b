using System.Text.Json;
using Enclave.Diagnostics;

namespace Enclave.Broker.Fleet;

/// <summary>The report of a broker or a runtime about itself. A report from elsewhere is untrusted: only the bounded members defined here are read.</summary>
/// <param name="Id">Identifies it for as long as it runs.</param>
/// <param name="Name">The name to show to people.</param>
/// <param name="State"><c>ok</c>, <c>stopping</c>, <c>unavailable</c> or <c>unreachable</c>.</param>
internal abstract record FleetPart(string Id, string Name, string State)
{
    /// <summary>Largest report in bytes: the size of a message between brokers over a database.</summary>
    public const int MaxBytes = 7_800;

    internal const int MaxId = 128, MaxName = 64, MaxQueues = 16;

    /// <summary>The version of this program.</summary>
    public static string ThisVersion { get; } = typeof(IEnclave).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The version of its program; null if unknown.</summary>
    public string? Version { get; init; }

    /// <summary><c>broker</c> or <c>runtime</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Writes its members into a JSON object.</summary>
    /// <param name="writer">The writer, inside the object.</param>
    /// <param name="state">The state to show; null for the reported one.</param>
    public void WriteMembers(Utf8JsonWriter writer, string? state = null)
    {
        writer.WriteString("kind"u8, Kind);
        writer.WriteString("id"u8, Id);
        writer.WriteString("name"u8, Name);
        writer.WriteString("state"u8, state ?? State);
        if (Version is not null) writer.WriteString("version"u8, Version);
        WriteOwn(writer);
    }

    /// <summary>Writes the members that only this kind of part has.</summary>
    protected abstract void WriteOwn(Utf8JsonWriter writer);
}
