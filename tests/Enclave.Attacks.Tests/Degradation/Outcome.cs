namespace Enclave.Attacks.Tests;

/// <summary>What a host says of the one script it ran, and of the worker that ran it.</summary>
internal sealed record Outcome
{
    public required long Value { get; init; }

    public required string? Code { get; init; }

    public required string Message { get; init; }

    /// <summary>The layers that the error names.</summary>
    public required string[]? Layers { get; init; }

    public required string Tag { get; init; }

    /// <summary>Whether the host's report says that scripts run.</summary>
    public required bool Available { get; init; }

    public required Dictionary<string, string> Facts { get; init; }

    /// <summary>What the machine offers, by layer.</summary>
    public required Dictionary<string, string> Offered { get; init; }

    /// <summary>The worker; 0 when there is none.</summary>
    public required int Pid { get; init; }

    /// <summary>What holds around the worker, by layer.</summary>
    public required Dictionary<string, string> Holds { get; init; }
}
