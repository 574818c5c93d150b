namespace Enclave.Attacks.Tests.Soak;

/// <summary>One kind of job in a soak.</summary>
/// <param name="Name">Its purpose.</param>
/// <param name="Code">The code after <see cref="Markers.Prelude"/>, or a text that is not a program.</param>
/// <param name="Outcomes">Its own outcomes, besides those that chaos and load give any job; empty if it can only succeed.</param>
internal sealed record JobKind(string Name, string Code, params ErrorCode[] Outcomes)
{
    /// <summary>Its time limit; null for the generator's choice.</summary>
    public TimeSpan? Timeout { get; init; }

    public long? MemoryLimit { get; init; }

    public int? MaxToolCalls { get; init; }

    /// <summary>Its weight in the draw.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>True if its caller gives up at some moment.</summary>
    public bool IsCancelled { get; init; }

    public string Program { get; } = Outcomes.Contains(ErrorCode.ValidationError) ? Code : Markers.Prelude + Code;
}
