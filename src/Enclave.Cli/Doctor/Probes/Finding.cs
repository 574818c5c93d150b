namespace Enclave.Cli.Doctor.Probes;

/// <summary>The result of a probe.</summary>
internal sealed record Finding
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    public FindingStatus Status { get; init; } = FindingStatus.Present;

    /// <summary>How to fix it; null if there is nothing to fix, or no way to.</summary>
    public string? Remedy { get; init; }

    public static Finding Missing(string name, string value, string remedy) =>
        new() { Name = name, Value = value, Status = FindingStatus.Missing, Remedy = remedy };

    public static Finding Broken(string name, string value, string remedy) =>
        new() { Name = name, Value = value, Status = FindingStatus.Broken, Remedy = remedy };
}
