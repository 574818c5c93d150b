using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The tools that scripts may call have changed.</summary>
/// <param name="Version">The catalogue's version.</param>
/// <param name="AddedActions">Names that were added.</param>
/// <param name="RemovedActions">Names that were removed.</param>
public sealed record CatalogChanged(string Version, IReadOnlyList<string> AddedActions, IReadOnlyList<string> RemovedActions) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "catalog_changed";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("version"u8, Version);
        EventWriter.WriteTexts(writer, "addedActions"u8, AddedActions);
        EventWriter.WriteTexts(writer, "removedActions"u8, RemovedActions);
    }
}
