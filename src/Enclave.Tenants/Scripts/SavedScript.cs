using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>A saved script: its versions, and the one that runs get.</summary>
public sealed record SavedScript
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The tenant that it belongs to; null for a script that all tenants share.</summary>
    public string? Tenant { get; init; }

    /// <summary>The versions, the oldest first. At most 50: a new one replaces the oldest that no run gets.</summary>
    public required IReadOnlyList<SavedVersion> Versions { get; init; }

    /// <summary>The number of the version that runs get; null while all versions are drafts.</summary>
    public int? Active { get; init; }

    /// <summary>The versions that were active before, the last one last. A rollback goes back to it.</summary>
    public IReadOnlyList<int> Earlier { get; init; } = [];

    /// <summary>The version that some runs get; null for none.</summary>
    public ScriptTrial? Trial { get; init; }

    /// <summary>The newest version.</summary>
    [JsonIgnore]
    public SavedVersion Newest => Versions[^1];

    /// <summary>Finds a version; null if there is none with this number.</summary>
    public SavedVersion? Find(int number) => Versions.FirstOrDefault((version) => version.Number == number);
}
