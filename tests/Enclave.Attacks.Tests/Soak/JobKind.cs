namespace Enclave.Attacks.Tests.Soak;

/// <summary>One kind of job in a soak.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Code">After <see cref="Markers.Prelude"/>, unless it is no program at all.</param>
/// <param name="Outcomes">Its own ends, besides those that chaos and load give any job; empty when it can only succeed.</param>
internal sealed record JobKind(string Name, string Code, params ErrorCode[] Outcomes)
{
    /// <summary>Its time; the generator's choice when null.</summary>
    public TimeSpan? Timeout { get; init; }

    public long? MemoryLimit { get; init; }

    public int? MaxToolCalls { get; init; }

    /// <summary>How often it is drawn, beside the others.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Whether its caller gives up at some moment.</summary>
    public bool IsCancelled { get; init; }

    public string Program { get; } = Outcomes.Contains(ErrorCode.ValidationError) ? Code : Markers.Prelude + Code;
}
