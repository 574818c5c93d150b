using Enclave.Guard;

namespace Enclave.Tenants;

/// <summary>A script that was saved.</summary>
/// <param name="Script">The script with its versions.</param>
/// <param name="Version">The version. The newest one if it has the same text, schema and language: then nothing was written.</param>
/// <param name="Warnings">The warnings of the guard and of the check of calls.</param>
public sealed record ScriptSave(SavedScript Script, SavedVersion Version, IReadOnlyList<GuardIssue> Warnings)
{
    /// <summary>The script and version for a run, as <c>report@3</c>.</summary>
    public string Reference => $"{Script.Name}@{Version.Number}";
}
