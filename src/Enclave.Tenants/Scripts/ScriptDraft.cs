namespace Enclave.Tenants;

/// <summary>A script to save.</summary>
public sealed record ScriptDraft
{
    /// <summary>Its name. Range: 1 to 100 ASCII letters, digits and <c>_ - . /</c>, the first one a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>The script. Range: at most 1 MB of UTF-8.</summary>
    public required string Code { get; init; }

    /// <summary>The tenant that it belongs to. Default: null, all tenants share it.</summary>
    public string? Tenant { get; init; }

    /// <summary>The JSON schema of the global <c>args</c>, as JSON. Range: at most 64 KB. Default: null, any value.</summary>
    public string? Parameters { get; init; }

    /// <summary>The language of the script. Default: <see cref="ScriptLanguage.Either"/>.</summary>
    public ScriptLanguage Language { get; init; } = ScriptLanguage.Either;

    /// <summary>The person or program that saves it. Range: at most 200 characters. Default: null, unknown.</summary>
    public string? Author { get; init; }

    /// <summary>The reason for this version. Range: at most 2,000 characters. Default: null, none.</summary>
    public string? Note { get; init; }

    /// <summary>True to activate the version at once. Default: false, it is a draft.</summary>
    public bool Activate { get; init; }
}
