namespace Enclave;

/// <summary>An event that an operator should investigate: it may show a compromised worker or changed files.</summary>
public sealed record SecurityEvent
{
    /// <summary>The kind of event.</summary>
    public required SecurityEventKind Kind { get; init; }

    /// <summary>The worker, counted from 1 per host; 0 if none is involved.</summary>
    public required int WorkerId { get; init; }

    /// <summary>Its process, which is killed; 0 if none is involved.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The worker's job; 0 for none.</summary>
    public ulong JobId { get; init; }

    /// <summary>The id of that job's run; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>The tenant of that job.</summary>
    public string? Tenant { get; init; }

    /// <summary>A description. Parts may come from the worker, so treat it as untrusted text.</summary>
    public required string Detail { get; init; }

    /// <summary>The time by the host's clock.</summary>
    public DateTimeOffset Time { get; init; }
}
