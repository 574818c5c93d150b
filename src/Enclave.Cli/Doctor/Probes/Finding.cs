namespace Enclave.Cli.Doctor.Probes;

/// <summary>What a probe saw.</summary>
internal sealed record Finding
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    public FindingStatus Status { get; init; } = FindingStatus.Present;

    /// <summary>What to do about it; null when nothing has to be done, or can be.</summary>
    public string? Remedy { get; init; }

    public static Finding Missing(string name, string value, string remedy) =>
        new() { Name = name, Value = value, Status = FindingStatus.Missing, Remedy = remedy };

    public static Finding Broken(string name, string value, string remedy) =>
        new() { Name = name, Value = value, Status = FindingStatus.Broken, Remedy = remedy };
}
