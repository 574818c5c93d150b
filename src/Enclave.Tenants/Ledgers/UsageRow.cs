namespace Enclave.Tenants;

/// <summary>The sum of the runs of one group: of a tenant, a month, a script.</summary>
public sealed record UsageRow
{
    /// <summary>The month, or the day, in UTC; null if the usage is not grouped by it.</summary>
    public string? Time { get; init; }

    /// <summary>The tenant; null for runs without one, and if the usage is not grouped by tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The key; null for runs without one, and if the usage is not grouped by key.</summary>
    public string? Key { get; init; }

    /// <summary>The script; null if the usage is not grouped by it.</summary>
    public string? Script { get; init; }

    /// <summary>Runs that a worker began with. The parts of a durable run count as one run.</summary>
    public long Runs { get; init; }

    /// <summary>The runs that did not end with <c>OK</c>.</summary>
    public long Failed { get; init; }

    /// <summary>Runs whose host was killed. Their use is unknown, and is not in the sums.</summary>
    public long Lost { get; init; }

    /// <summary>Runs that were refused after the gate, or cancelled before a worker began with them.</summary>
    public long NotBegun { get; init; }

    /// <summary>CPU time of workers, in milliseconds.</summary>
    public double CpuMs { get; init; }

    /// <summary>Time on workers, in milliseconds.</summary>
    public double WallMs { get; init; }

    /// <summary>Tool calls.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Bytes sent to workers.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes received from workers.</summary>
    public long BytesOut { get; init; }
}
