namespace Enclave.Tenants;

/// <summary>One version of a saved script. It never changes.</summary>
public sealed record SavedVersion
{
    /// <summary>Its number, from 1. A number is never used again.</summary>
    public required int Number { get; init; }

    /// <summary>SHA-256 of the script in UTF-8; hexadecimal, lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The length of the script in UTF-8.</summary>
    public required int Bytes { get; init; }

    /// <summary>When it was saved.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The person or program that saved it; null if unknown.</summary>
    public string? Author { get; init; }

    /// <summary>The reason for this version; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>The JSON schema of the global <c>args</c>, as JSON; null for any value.</summary>
    public string? Parameters { get; init; }

    /// <summary>The language of the script.</summary>
    public ScriptLanguage Language { get; init; }
}
