namespace Enclave.Attacks.Tests;

/// <summary>The output of a host that ran one script, with its report on the worker.</summary>
internal sealed record Outcome
{
    public required long Value { get; init; }

    public required string? Code { get; init; }

    public required string Message { get; init; }

    /// <summary>The layers that the error names.</summary>
    public required string[]? Layers { get; init; }

    public required string Tag { get; init; }

    /// <summary>True if the host's report says that scripts run.</summary>
    public required bool Available { get; init; }

    public required Dictionary<string, string> Facts { get; init; }

    /// <summary>The machine's support of each layer.</summary>
    public required Dictionary<string, string> Offered { get; init; }

    /// <summary>The security events of the host.</summary>
    public required string[] Events { get; init; }

    /// <summary>The worker; 0 when there is none.</summary>
    public required int Pid { get; init; }

    /// <summary>The layers in force around the worker.</summary>
    public required Dictionary<string, string> Holds { get; init; }
}
