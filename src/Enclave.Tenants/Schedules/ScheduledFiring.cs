namespace Enclave.Tenants;

/// <summary>One time of a schedule, and its run.</summary>
public sealed record ScheduledFiring
{
    /// <summary>The time at which it was due.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Its state.</summary>
    public FiringState State { get; init; }

    /// <summary>True if it was more than 30 s late when it was found.</summary>
    public bool IsMissed { get; init; }

    /// <summary>How often it has begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The id of its last run; null before the first.</summary>
    public string? RunId { get; init; }

    /// <summary>The version that ran, as <c>report@3</c>; null if none did.</summary>
    public string? Script { get; init; }

    /// <summary>The code and message of its failure; null for none.</summary>
    public string? Error { get; init; }

    /// <summary>When it last began; null before.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The scheduler that claimed it.</summary>
    public string? Host { get; init; }

    /// <summary>True for a firing that has not ended.</summary>
    internal bool IsOpen => State is FiringState.Waiting or FiringState.Running;
}
