namespace Enclave;

/// <summary>One thing an operator should look at: a worker that was taken over, or files that were changed, look like this.</summary>
public sealed record SecurityEvent
{
    /// <summary>What happened.</summary>
    public required SecurityEventKind Kind { get; init; }

    /// <summary>The worker, counted from 1 per host; 0 when there is none.</summary>
    public required int WorkerId { get; init; }

    /// <summary>Its process, which is killed; 0 when there is none.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The job it held; 0 for none.</summary>
    public ulong JobId { get; init; }

    /// <summary>Whose job that was.</summary>
    public string? Tenant { get; init; }

    /// <summary>In words. Parts may come from the worker: treat it as text nobody vouches for.</summary>
    public required string Detail { get; init; }

    /// <summary>When, by the host's clock.</summary>
    public DateTimeOffset Time { get; init; }
}
